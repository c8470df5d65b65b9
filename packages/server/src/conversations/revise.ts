import {
  type Actor,
  type ConversationEvent,
  LIMITS,
  type MessageEditedEvent,
  type MessageEvent,
} from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { previewOf } from './messages.ts';
import { type ConversationRow, loadConversation } from './rows.ts';

/** A customer's message, as its writer names it. */
export interface OwnMessage {
  conversationId: string;
  /** The message's. */
  seq: number;
  /** Nothing up to this seq is theirs to see. */
  visibleAfter: number;
  actor: Actor;
}

interface Found {
  row: ConversationRow;
  message: MessageEvent;
}

const EDIT_MS = LIMITS.editMinutes * 60_000;

const refuse = (detail: string): never => {
  throw new ContinuoError('conflict', { detail });
};

/** @throws ContinuoError `not_found` unless it is a message that the customer wrote and may see */
const find = async (tx: Tx, { conversationId, seq, visibleAfter }: OwnMessage): Promise<Found> => {
  const row = await loadConversation(tx.db, conversationId);
  const stored = await tx.db
    .selectFrom('events')
    .select('body')
    .where('conversation_id', '=', conversationId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  const event: ConversationEvent | null = stored ? JSON.parse(stored.body) : null;
  if (row.id !== conversationId || seq <= visibleAfter) throw new ContinuoError('not_found');
  if (event?.type !== 'message' || event.author.kind !== 'customer') throw new ContinuoError('not_found');
  return { row, message: event };
};

/** @throws ContinuoError `conflict` unless the message was written on the web, in the case that is open */
const checkOpen = async (tx: Tx, { row, message }: Found): Promise<void> => {
  if (message.channel.kind !== 'web') refuse('it was written on a network');
  const open = await tx.db
    .selectFrom('cases')
    .select('opened_seq')
    .where('conversation_id', '=', row.id)
    .where('resolved_at', 'is', null)
    .executeTakeFirst();
  if (!open || message.seq < open.opened_seq) refuse('its case is resolved');
};

/** The edits of a message, oldest first. */
const editsOf = async (tx: Tx, { row, message }: Found): Promise<MessageEditedEvent[]> => {
  const rows = await tx.db
    .selectFrom('events')
    .select('body')
    .where('conversation_id', '=', row.id)
    .where('seq', '>', message.seq)
    .where('type', '=', 'message.edited')
    .orderBy('seq')
    .execute();
  return rows.flatMap(({ body }) => {
    const event: ConversationEvent = JSON.parse(body);
    return event.type === 'message.edited' && event.message === message.seq ? event : [];
  });
};

const store = async (tx: Tx, { row }: Found, event: MessageEvent | MessageEditedEvent): Promise<void> => {
  await tx.db
    .updateTable('events')
    .set({
      body: JSON.stringify(event),
      // The hash of a short text would tell it to whoever guesses it.
      client_hash: null,
    })
    .where('conversation_id', '=', row.id)
    .where('seq', '=', event.seq)
    .execute();
};

/** The inbox's row, where it shows this message. */
const notePreview = async (tx: Tx, { row, message }: Found): Promise<void> => {
  if (row.last_message_seq !== message.seq) return;
  await tx.db
    .updateTable('conversations')
    .set({ last_message_preview: previewOf(message) })
    .where('id', '=', row.id)
    .execute();
};

/**
 * Has a customer's message say something else. The log keeps what it said before.
 *
 * @returns the event that says so; the one there is where the message was last edited to the same text
 * @throws ContinuoError `not_found`; `conflict` where it is too late, was deleted, or was written elsewhere
 */
export const editMessage = async (
  rt: Runtime,
  tx: Tx,
  { text, ...own }: OwnMessage & { text: string },
): Promise<MessageEditedEvent> => {
  const found = await find(tx, own);
  const { row, message } = found;
  if (message.deleted) refuse('it was deleted');
  const last = (await editsOf(tx, found)).at(-1);
  if (last?.text === text) return last;
  await checkOpen(tx, found);
  if (rt.now() - message.at > EDIT_MS) refuse('it is too old');
  const draft = { type: 'message.edited', message: message.seq, text, actor: own.actor } as const;
  const [event] = await tx.append(row.id, [draft]);
  if (event?.type !== 'message.edited') throw new Error('no edit among the events');
  await notePreview(tx, { row, message: { ...message, text } });
  tx.afterCommit(() => announce(rt, row.id));
  return event;
};

/** Its files are uploads that nobody can send or read, and are deleted with the next of those. */
const dropFiles = async (tx: Tx, { row, message }: Found): Promise<void> => {
  await tx.db
    .updateTable('files')
    .set({ seq: null, owner: '', updated_at: 0 })
    .where('conversation_id', '=', row.id)
    .where('seq', '=', message.seq)
    .execute();
};

/**
 * Deletes a customer's message: it, its edits and the inbox's row lose its words in this transaction, and nobody can read its files from then on. What it was stored
 * under stays, so that sending it again does not bring it back.
 *
 * @throws ContinuoError `not_found`; `conflict` where its case is resolved, or it was written elsewhere
 */
export const deleteMessage = async (rt: Runtime, tx: Tx, own: OwnMessage): Promise<void> => {
  const found = await find(tx, own);
  const { row, message } = found;
  if (message.deleted) return;
  await checkOpen(tx, found);
  const redacted: MessageEvent = { ...message, text: '', attachments: [], deleted: true };
  for (const edit of await editsOf(tx, found)) await store(tx, found, { ...edit, text: '' });
  await store(tx, found, redacted);
  if (message.attachments.length > 0) await dropFiles(tx, found);
  await notePreview(tx, { row, message: redacted });
  if (message.seq > row.agent_read && row.unread > 0) {
    await tx.db
      .updateTable('conversations')
      .set({ unread: row.unread - 1 })
      .where('id', '=', row.id)
      .execute();
  }
  await tx.append(row.id, [{ type: 'message.deleted', message: message.seq, actor: own.actor }]);
  tx.afterCommit(() => announce(rt, row.id));
};
