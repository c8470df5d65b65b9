import type { Attachment, ConversationEvent, MessageEvent } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { ClientKey, Tx } from '../storage/store.ts';

/** Characters of a message that the inbox's row shows. */
const PREVIEW_LENGTH = 140;

/** Stands for a file in a preview: a sign that needs no language. */
const SIGNS: Record<Attachment['type'], string> = {
  image: '📷',
  audio: '🎤',
  video: '🎬',
  file: '📎',
  location: '📍',
  other: '📎',
};

/** The beginning of a message in one line. */
export const previewOf = (message: Pick<MessageEvent, 'text' | 'attachments'>): string => {
  const signs = message.attachments.map(({ type }) => SIGNS[type]);
  const line = [...signs, message.text.replace(/\s+/g, ' ').trim()].filter(Boolean).join(' ');
  // A character outside the basic plane must not be cut in two.
  return line.slice(0, PREVIEW_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
};

/**
 * What a message answers, as it is to be stored. What is no message that its writer may see is left out: a message that
 * was written for another conversation, before the two were joined, must not be refused for it.
 */
export const answeredBy = async (
  tx: Tx,
  {
    conversationId,
    replyTo,
    visibleAfter = 0,
  }: { conversationId: string; replyTo?: number | undefined; visibleAfter?: number | undefined },
): Promise<{ replyTo?: number }> => {
  if (replyTo === undefined || replyTo <= visibleAfter) return {};
  const row = await tx.db
    .selectFrom('events')
    .select('type')
    .where('conversation_id', '=', conversationId)
    .where('seq', '=', replyTo)
    .executeTakeFirst();
  return row?.type === 'message' ? { replyTo } : {};
};

export const messageIn = (events: readonly ConversationEvent[]): MessageEvent => {
  const message = events.find((event) => event.type === 'message');
  if (!message) throw new Error('no message among the events');
  return message;
};

/**
 * The message stored before under this client id; null when there is none. Of one that was deleted it is not known any
 * more what it said.
 *
 * @throws ContinuoError `client_id_conflict` when something else was stored under it
 */
export const findRepeated = async (
  tx: Tx,
  conversationId: string,
  key: ClientKey | undefined,
): Promise<MessageEvent | null> => {
  if (!key) return null;
  const found = await tx.findByClientId(conversationId, key.clientId);
  if (!found) return null;
  if (found.event.type === 'message' && found.event.deleted) return found.event;
  if (found.hash !== key.hash || found.event.type !== 'message')
    throw new ContinuoError('client_id_conflict');
  return found.event;
};
