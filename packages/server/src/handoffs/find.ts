import type { ChannelKind } from '@continuo/protocol';
import type { Kysely, Selectable } from 'kysely';
import { resolveJoined } from '../conversations/open.ts';
import { ContinuoError } from '../errors.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Database, HandoffPurpose, HandoffTable } from '../storage/schema.ts';

/** A handoff and where it leads. */
export interface FoundHandoff {
  row: Selectable<HandoffTable>;
  /** The conversation that it leads to now. */
  conversationId: string;
  customerId: string;
  customerName: string | null;
  /** Where it comes from: the social channel that the link was sent to, or the web. */
  from: { kind: ChannelKind; name: string };
}

/** What a device may redeem. The other tokens are for networks. */
const TO_WEB: readonly HandoffPurpose[] = ['social→web', 'device'];

/**
 * The handoff of a conversation token that leads to the web.
 * @throws ContinuoError `not_found`
 */
export const findHandoff = async (db: Kysely<Database>, token: string): Promise<FoundHandoff> => {
  const row = await db
    .selectFrom('handoffs')
    .selectAll()
    .where('token_hash', '=', hashOf(token))
    .where('purpose', 'in', TO_WEB)
    .executeTakeFirst();
  if (row === undefined) throw new ContinuoError('not_found');
  const conversationId = await resolveJoined(db, row.conversation_id);
  const customer = await db
    .selectFrom('conversations')
    .innerJoin('customers', 'customers.id', 'conversations.customer_id')
    .select(['customers.id', 'customers.name'])
    .where('conversations.id', '=', conversationId)
    .executeTakeFirstOrThrow();
  const channel = await db
    .selectFrom('identities')
    .innerJoin('channels', 'channels.id', 'identities.channel_id')
    .select(['channels.kind', 'channels.name'])
    .where('identities.id', '=', row.identity_id)
    .executeTakeFirstOrThrow();
  const from = row.purpose === 'social→web' ? channel : { ...channel, kind: 'web' };
  return { row, conversationId, customerId: customer.id, customerName: customer.name, from };
};
