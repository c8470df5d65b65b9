import type { ConversationEvent } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Secrets } from '../config/secrets.ts';
import type { Database, DeliveryTable } from '../storage/schema.ts';

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

/** The content of a delivery; null when it is over and its content was wiped. */
export const readContent = async (
  secrets: Secrets,
  db: Kysely<Database>,
  row: Pick<DeliveryTable, 'conversation_id' | 'seq' | 'content'>,
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
  return event.type === 'message' ? { text: event.text, immediate: false } : null;
};
