import type { Kysely } from 'kysely';
import { resolveJoined } from '../conversations/open.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Database } from '../storage/schema.ts';
import { conversationScope, deviceScope } from '../storage/scopes.ts';
import type { Scope } from '../storage/store.ts';

const linkScope = async (db: Kysely<Database>, token: string): Promise<Scope> => {
  const row = await db
    .selectFrom('handoffs')
    .select('conversation_id')
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  if (row === undefined) return [];
  return conversationScope(row.conversation_id, await resolveJoined(db, row.conversation_id));
};

/**
 * What is touched when a device shows a link: the conversation that it leads to, the device, and a conversation that the
 * device has of its own, which may be joined.
 *
 * @param device.thumbprint left out: the device does not matter
 */
export const handoffScope = async (
  db: Kysely<Database>,
  { token, thumbprint }: { token: string; thumbprint?: string },
): Promise<Scope> => {
  const link = await linkScope(db, token);
  if (thumbprint === undefined) return link.length > 0 ? link : conversationScope('unknown');
  const own = await db
    .selectFrom('identities')
    .innerJoin('channels', 'channels.id', 'identities.channel_id')
    .innerJoin('conversations', 'conversations.customer_id', 'identities.customer_id')
    .select('conversations.id')
    .where('channels.kind', '=', 'web')
    .where('identities.external_id', '=', thumbprint)
    .execute();
  return [...link, ...deviceScope(thumbprint), ...conversationScope(...own.map(({ id }) => id))];
};
