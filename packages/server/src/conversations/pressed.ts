import type { Answer, ConversationEvent, MessageEvent, RichOption } from '@continuo/protocol';
import type { Tx } from '../storage/store.ts';
import { optionsOf } from './rich.ts';

/** The message at a seq of a conversation; null where there is none. */
export const readMessage = async (
  tx: Tx,
  { conversationId, seq }: { conversationId: string; seq: number },
): Promise<MessageEvent | null> => {
  const stored = await tx.db
    .selectFrom('events')
    .select('body')
    .where('conversation_id', '=', conversationId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  const event: ConversationEvent | null = stored ? JSON.parse(stored.body) : null;
  return event?.type === 'message' ? event : null;
};

const findOption = async (
  tx: Tx,
  conversationId: string,
  { message, option }: Answer,
): Promise<RichOption | null> => {
  const asked = await readMessage(tx, { conversationId, seq: message });
  return (asked?.rich && optionsOf(asked.rich).find(({ id }) => id === option)) ?? null;
};

interface Pressed {
  conversationId: string;
  text: string;
  answer?: Answer | undefined;
  visibleAfter?: number | undefined;
}

/**
 * The option that a message says was pressed, as it is to be stored. What the option does not say, or what is none of a
 * message that the writer may see, is left out: the words stay.
 */
export const pressedBy = async (
  tx: Tx,
  { conversationId, text, answer, visibleAfter = 0 }: Pressed,
): Promise<{ answer?: Answer }> => {
  if (!answer || answer.message <= visibleAfter) return {};
  const option = await findOption(tx, conversationId, answer);
  return option?.label === text ? { answer } : {};
};

/** Before the payload of an option, as networks carry it. */
const PREFIX = 'continuo:option:';

/** What a network gives back when an option is pressed there. */
export const toPayload = (conversationId: string, { message, option }: Answer): string =>
  `${PREFIX}${conversationId}:${message}:${option}`;

/** The option that was pressed on a network, and its whole label, of which networks cut what is too long for them. */
export const pressedOnNetwork = async (
  tx: Tx,
  { conversationId, payload }: { conversationId: string; payload: string | null },
): Promise<{ text: string; answer: Answer } | null> => {
  if (!payload?.startsWith(PREFIX)) return null;
  const [where, message, id] = payload.slice(PREFIX.length).split(':');
  if (where !== conversationId || !Number.isInteger(Number(message)) || !id) return null;
  const answer = { message: Number(message), option: id };
  const option = await findOption(tx, conversationId, answer);
  return option && { text: option.label, answer };
};
