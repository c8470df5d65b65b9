import { channelAdapters } from '@continuo/channels';
import type { ConversationEvent, MessageEvent } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Secrets } from '../config/secrets.ts';
import { toPayload } from '../conversations/pressed.ts';
import { optionsOf, wholeText } from '../conversations/rich.ts';
import type { Database } from '../storage/schema.ts';
import type { DeliveryRow } from './apply.ts';

/** What is carried out when it is more than the text of a message in the log. Kept sealed: a link carries a token. */
export interface DeliveryContent {
  text: string;
  link?: { url: string; title: string };
  choices?: readonly { title: string; payload: string }[];
  /** It goes to the network whatever is seen on the web. */
  immediate: boolean;
}

export const sealContent = (secrets: Secrets, content: DeliveryContent): string =>
  secrets.seal(JSON.stringify(content));

/** A message as a network can show it: what it shows below its text as answers to choose from where they are few enough, else in words. */
const contentOf = (
  { seq, text, rich }: MessageEvent,
  { kind, conversation_id }: Pick<DeliveryRow, 'kind' | 'conversation_id'>,
): DeliveryContent => {
  if (!rich) return { text, immediate: false };
  const options = optionsOf(rich);
  const canChoose = options.length > 0 && options.length <= (channelAdapters.get(kind)?.choices ?? 0);
  const choices = options.map(({ id, label }) => ({
    title: label,
    payload: toPayload(conversation_id, { message: seq, option: id }),
  }));
  return {
    text: wholeText({ text, rich }, !canChoose),
    immediate: false,
    ...(canChoose && { choices }),
  };
};

/** The content of a delivery; null when it is over and its content was wiped. */
export const readContent = async (
  secrets: Secrets,
  db: Kysely<Database>,
  row: Pick<DeliveryRow, 'conversation_id' | 'seq' | 'content' | 'kind'>,
): Promise<DeliveryContent | null> => {
  if (row.content !== null) {
    const content: DeliveryContent = JSON.parse(secrets.open(row.content));
    return content;
  }
  const stored = await db
    .selectFrom('events')
    .select('body')
    .where('conversation_id', '=', row.conversation_id)
    .where('seq', '=', row.seq)
    .executeTakeFirst();
  if (!stored) return null;
  const event: ConversationEvent = JSON.parse(stored.body);
  return event.type === 'message' ? contentOf(event, row) : null;
};
