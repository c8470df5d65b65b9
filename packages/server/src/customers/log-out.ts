import { userOf } from '../identity/brand-users.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, endSessionsOf } from '../sessions/sessions.ts';
import type { Tx } from '../storage/store.ts';

/**
 * Logs a device out of its conversation. Where that is the account of a user of the brand, the device is forgotten too: it
 * may be somebody else's next, and the key opens nothing of the account even where it could not be deleted.
 */
export const logOut = async (rt: Runtime, tx: Tx, session: AuthenticatedSession): Promise<void> => {
  const { conversationId, thumbprint } = session;
  await endSessionsOf(rt, tx, { conversationId, thumbprint });
  if (session.identityId === null || !(await userOf(tx.db, session.customerId))) return;
  await tx.db
    .updateTable('identities')
    .set({ external_id: `left:${session.identityId}` })
    .where('id', '=', session.identityId)
    .execute();
};
