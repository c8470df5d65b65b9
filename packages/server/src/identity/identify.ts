import type { Identified } from '@continuo/protocol';
import { announce } from '../conversations/announce.ts';
import type { ConversationRow } from '../conversations/rows.ts';
import { sessionCustomer } from '../customers/own-session.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, issueSession } from '../sessions/sessions.ts';
import type { BrandUserTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { createUser, findUser, noteProfile, userOf } from './brand-users.ts';
import { bringTogether } from './bring-together.ts';
import { type Side, sideOf, sideOfCustomer } from './sides.ts';
import { useOnce } from './use-once.ts';
import type { IdentityClaims } from './verify-identity.ts';

/** A device whose customer the brand names. */
export interface LogIn {
  session: AuthenticatedSession;
  claims: IdentityClaims;
}

/** The session sees its conversation whole, and the device opens it again without a link: it is the brand's own log-in. */
const widen = async (tx: Tx, { id, identityId }: AuthenticatedSession): Promise<void> => {
  await tx.db.updateTable('sessions').set({ visible_after: 0 }).where('id', '=', id).execute();
  if (identityId === null) return;
  await tx.db.updateTable('identities').set({ handoff_id: null }).where('id', '=', identityId).execute();
};

/** A session on the account's conversation, in the place of one on another that the device had. */
const goOver = (rt: Runtime, tx: Tx, { session, into }: { session: AuthenticatedSession; into: Side }) =>
  issueSession(rt, tx, {
    workspaceId: session.workspaceId,
    customerId: into.row.customer_id,
    conversationId: into.row.id,
    identityId: session.identityId,
    thumbprint: session.thumbprint,
    handoffId: null,
    visibleAfter: 0,
  });

/** Notes in the log who it is, where there is a log: of an empty one, nothing needs to be told apart. */
const noteFirst = async (
  rt: Runtime,
  tx: Tx,
  { row, name }: { row: ConversationRow; name: string | null },
): Promise<void> => {
  if (row.last_message_seq === 0) return;
  const actor = { kind: 'customer', id: row.customer_id, name } as const;
  await tx.append(row.id, [{ type: 'customer.identified', actor }]);
  tx.afterCommit(() => announce(rt, row.id));
};

const begin = async (
  rt: Runtime,
  tx: Tx,
  { row, claims }: { row: ConversationRow; claims: IdentityClaims },
): Promise<BrandUserTable> => {
  await noteFirst(rt, tx, { row, name: claims.name ?? null });
  return createUser(rt, tx, {
    workspaceId: row.workspace_id,
    userId: claims.sub,
    customerId: row.customer_id,
  });
};

/**
 * The customer of this session is the brand's user: from now on, or as before. One user is one customer with one
 * conversation, on however many devices they log in at once; where the device has another one, the two are brought together.
 * @throws ContinuoError `conflict` where the device belongs to another user: nothing has changed then, and it has to be
 * logged out first; `identity_invalid` when another device has used the token
 */
export const identifyCustomer = async (rt: Runtime, tx: Tx, logIn: LogIn): Promise<Identified> => {
  const { session, claims } = logIn;
  const { workspaceId, thumbprint } = session;
  const device = await sideOf(tx.db, session.conversationId);
  const holder = await userOf(tx.db, device.row.customer_id);
  if (holder !== undefined && holder.user_id !== claims.sub) {
    throw new ContinuoError('conflict', { detail: 'This device belongs to another user: log it out first.' });
  }
  await useOnce(tx, { workspaceId, thumbprint, claims });
  const found = await findUser(tx.db, { workspaceId, userId: claims.sub });
  const user = found ?? (await begin(rt, tx, { row: device.row, claims }));
  const account = found ? await sideOfCustomer(tx.db, found.customer_id) : device;
  const kept =
    account.row.id === device.row.id ? device : await bringTogether(rt, tx, { session, device, account });
  await noteProfile(tx, { user, customerId: kept.row.customer_id, claims });
  const isMoved = kept.row.id !== session.conversationId;
  if (!isMoved) await widen(tx, session);
  const issued = isMoved ? await goOver(rt, tx, { session, into: kept }) : null;
  tx.afterCommit(() => announce(rt, kept.row.id));
  return {
    customer: await sessionCustomer(tx.db, kept.row.id),
    conversationId: kept.row.id,
    token: issued?.token ?? null,
    expiresAt: issued?.expiresAt ?? session.expiresAt,
  };
};
