import type { ChannelKind } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { resolveJoined } from '../conversations/open.ts';
import { ContinuoError } from '../errors.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Database, HandoffTable } from '../storage/schema.ts';

/** A handoff and where it leads. */
export interface FoundHandoff {
  row: HandoffTable;
  /** The conversation that it leads to now. */
  conversationId: string;
  customerId: string;
  customerName: string | null;
  /** The social channel that the link was sent to. */
  from: { kind: ChannelKind; name: string };
}

/**
 * The handoff of a conversation token.
 * @throws ContinuoError `not_found`
 */
export const findHandoff = async (db: Kysely<Database>, token: string): Promise<FoundHandoff> => {
  const row = await db
    .selectFrom('handoffs')
    .selectAll()
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  if (row === undefined) throw new ContinuoError('not_found');
  const conversationId = await resolveJoined(db, row.conversation_id);
  const customer = await db
    .selectFrom('conversations')
    .innerJoin('customers', 'customers.id', 'conversations.customer_id')
    .select(['customers.id', 'customers.name'])
    .where('conversations.id', '=', conversationId)
    .executeTakeFirstOrThrow();
  const from = await db
    .selectFrom('identities')
    .innerJoin('channels', 'channels.id', 'identities.channel_id')
    .select(['channels.kind', 'channels.name'])
    .where('identities.id', '=', row.identity_id)
    .executeTakeFirstOrThrow();
  return { row, conversationId, customerId: customer.id, customerName: customer.name, from };
};
