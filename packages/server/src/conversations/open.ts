import type { ChannelKind } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { loadConversation } from './rows.ts';

export interface OpenConversation {
  workspaceId: string;
  customerId: string;
  /** Where the customer came from. */
  channelKind: ChannelKind;
}

/**
 * The customer's one conversation, made where there is none. It has no case until something is said. However many
 * callers ask at once, the unique index on the customer leaves one.
 */
export const openConversation = async (
  rt: Runtime,
  tx: Tx,
  { workspaceId, customerId, channelKind }: OpenConversation,
): Promise<{ id: string; created: boolean }> => {
  const at = rt.now();
  const made = await tx.db
    .insertInto('conversations')
    .values({
      id: rt.newId('cnv'),
      workspace_id: workspaceId,
      customer_id: customerId,
      head: 0,
      assignee_id: null,
      status: 'resolved',
      case_number: 0,
      assignee_away: 0,
      joined_into: null,
      customer_received: 0,
      customer_read: 0,
      agent_read: 0,
      last_message_seq: 0,
      last_message_at: null,
      last_message_from: null,
      last_message_preview: null,
      last_channel_kind: channelKind,
      unread: 0,
      waiting_since: null,
      queued_at: null,
      updated_at: at,
      created_at: at,
    })
    .onConflict((conflict) => conflict.column('customer_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return { id: made.id, created: true };
  const { id } = await tx.db
    .selectFrom('conversations')
    .select('id')
    .where('customer_id', '=', customerId)
    .executeTakeFirstOrThrow();
  return { id: await resolveJoined(tx.db, id), created: false };
};

/**
 * The id under which a conversation goes on: its own, or that of the one it was joined into.
 *
 * @throws ContinuoError `not_found`
 */
export const resolveJoined = async (db: Kysely<Database>, conversationId: string): Promise<string> =>
  (await loadConversation(db, conversationId)).id;
