import type { Kysely } from 'kysely';
import type { AuthenticatedSession } from '../sessions/sessions.ts';
import type { Database } from '../storage/schema.ts';
import { conversationScope, deviceScope, userScope } from '../storage/scopes.ts';
import type { Scope } from '../storage/store.ts';
import { findUser } from './brand-users.ts';
import { type Side, sideOf, sideOfCustomer } from './sides.ts';

const devicesOf = async (db: Kysely<Database>, customerIds: string[]): Promise<Scope> => {
  const rows = await db
    .selectFrom('identities')
    .innerJoin('channels', 'channels.id', 'identities.channel_id')
    .select('identities.external_id')
    .where('identities.customer_id', 'in', customerIds)
    .where('channels.kind', '=', 'web')
    .execute();
  return rows.flatMap(({ external_id }) => deviceScope(external_id));
};

/** What a log-in touches: the user, this conversation, the one that the user has, and every device of the two. */
export const logInScope = async (
  db: Kysely<Database>,
  { session, userId }: { session: AuthenticatedSession; userId: string },
): Promise<Scope> => {
  const { workspaceId, thumbprint } = session;
  const user = await findUser(db, { workspaceId, userId });
  const sides: Side[] = [await sideOf(db, session.conversationId)];
  if (user) sides.push(await sideOfCustomer(db, user.customer_id));
  return [
    ...userScope(workspaceId, userId),
    ...deviceScope(thumbprint),
    ...conversationScope(session.conversationId, ...sides.map(({ row }) => row.id)),
    ...(await devicesOf(
      db,
      sides.map(({ row }) => row.customer_id),
    )),
  ];
};
