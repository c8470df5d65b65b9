import type { ContinueElsewhere, ContinueLink, OtherDevices } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { openAccount } from '../channels/account.ts';
import { workspaceSettings } from '../customers/web-channel.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, endSessionsOf } from '../sessions/sessions.ts';
import type { Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { type IssuedLink, issueLink } from './issue.ts';
import { linkFor } from './link.ts';
import { networksOf } from './networks.ts';

/** Shown on a screen or opened at once, so it need not last (RFC 10027: short-lived). */
const LIFE_MS = 5 * 60_000;

/** The customer's name, and an identity of theirs: of the device, or any where the device keeps its own apart. */
const askerOf = async (tx: Tx, { customerId, identityId }: AuthenticatedSession) =>
  tx.db
    .selectFrom('customers')
    .innerJoin('identities', 'identities.customer_id', 'customers.id')
    .select(['customers.name', 'identities.id'])
    .where('customers.id', '=', customerId)
    .orderBy((eb) => eb.case().when('identities.id', '=', identityId).then(0).else(1).end())
    .orderBy('identities.id')
    .limit(1)
    .executeTakeFirstOrThrow();

/** The session may have ended since it was looked at. */
const mustGoOn = async (tx: Tx, { id }: AuthenticatedSession): Promise<void> => {
  const row = await tx.db
    .selectFrom('sessions')
    .select('handoff_id')
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new ContinuoError('session_ended', { renewable: false });
};

const issue = async (
  rt: Runtime,
  tx: Tx,
  { session, to }: { session: AuthenticatedSession; to: ContinueElsewhere['to'] },
): Promise<IssuedLink> => {
  await mustGoOn(tx, session);
  const asker = await askerOf(tx, session);
  return issueLink(rt, tx, {
    conversationId: session.conversationId,
    workspaceId: session.workspaceId,
    identityId: asker.id,
    purpose: to === 'device' ? 'device' : `web→${to}`,
    actor: { kind: 'customer', id: session.customerId, name: asker.name },
    clientId: null,
    sessionId: session.id,
    lifeMs: LIFE_MS,
    from: 'web',
    to: to === 'device' ? 'web' : to,
  });
};

/** A link into a thread with the workspace's first account on a network. */
const networkLink = async (
  rt: Runtime,
  db: Kysely<Database>,
  { workspaceId, kind, token }: { workspaceId: string; kind: string; token: string },
): Promise<string> => {
  const channel = await networksOf(db, workspaceId)
    .select(['channels.kind', 'channels.config'])
    .where('channels.kind', '=', kind)
    .limit(1)
    .executeTakeFirst();
  if (channel === undefined) {
    throw new ContinuoError('conflict', { detail: 'The workspace has no channel of that kind.' });
  }
  return openAccount(rt, channel).deepLink(token);
};

/**
 * A link by which the customer carries on elsewhere, for 5 minutes and once, in place of the last one. It shows what this
 * session shows, and ends with it.
 * @throws ContinuoError `rate_limited`, `conflict` (the workspace has nothing of that kind), `session_ended`
 */
export const continueElsewhere = async (
  rt: Runtime,
  tx: Tx,
  { session, to }: { session: AuthenticatedSession; to: ContinueElsewhere['to'] },
): Promise<ContinueLink> => {
  const { workspaceId } = session;
  const { handoffId, expiresAt, token } = await issue(rt, tx, { session, to });
  if (to !== 'device') {
    const url = await networkLink(rt, tx.db, { workspaceId, kind: to, token });
    return { handoffId, url, expiresAt };
  }
  const settings = await workspaceSettings(tx.db, workspaceId);
  return { handoffId, url: await linkFor(rt, tx.db, { workspaceId, settings, token }), expiresAt };
};

/** Links that this device's key made. */
const ofDevice = (db: Kysely<Database>, { conversationId, thumbprint }: AuthenticatedSession) =>
  db
    .selectFrom('handoffs as h')
    .innerJoin('sessions as asker', 'asker.id', 'h.session_id')
    .where('h.conversation_id', '=', conversationId)
    .where('h.purpose', '=', 'device')
    .where('asker.key_thumbprint', '=', thumbprint);

/** The devices that came by a link of this one and are still in, the newest first. */
export const otherDevices = async (
  rt: Runtime,
  session: AuthenticatedSession,
): Promise<OtherDevices['devices']> => {
  const rows = await ofDevice(rt.store.db, session)
    .innerJoin('sessions as guest', 'guest.handoff_id', 'h.id')
    .select(({ fn }) => ['h.id', fn.min('guest.created_at').as('since')])
    .where('guest.revoked_at', 'is', null)
    .where('guest.expires_at', '>', rt.now())
    .groupBy('h.id')
    .orderBy('since', 'desc')
    .execute();
  return rows.map(({ id, since }) => ({ handoffId: id, since: Number(since) }));
};

/**
 * Ends what came by a link of this device: a code that was not used yet, or the device that used it.
 * @throws ContinuoError `not_found`
 */
export const endElsewhere = async (
  rt: Runtime,
  tx: Tx,
  { session, handoffId }: { session: AuthenticatedSession; handoffId: string },
): Promise<void> => {
  const own = await ofDevice(tx.db, session).select('h.id').where('h.id', '=', handoffId).executeTakeFirst();
  if (own === undefined) throw new ContinuoError('not_found');
  await tx.db
    .updateTable('handoffs')
    .set({ revoked_at: rt.now() })
    .where('id', '=', handoffId)
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
  await endSessionsOf(rt, tx, { conversationId: session.conversationId, handoffId });
};
