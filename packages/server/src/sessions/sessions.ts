import type { FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { ContinuoError } from '../errors.ts';
import type { Right } from '../live/right.ts';
import type { Runtime } from '../runtime.ts';
import { type Params, prepared } from '../storage/prepared.ts';
import type { Database, SessionTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { gateOf } from './gate.ts';
import { hashOf, newToken, sameText } from './tokens.ts';

/** A session ends when it was not used for this long (DESIGN.md, 72 h). */
const SESSION_IDLE_MS = 72 * 3_600_000;
/** A session ends this long after it began, used or not (DESIGN.md, 14 d). */
export const SESSION_LIFE_MS = 14 * 86_400_000;
/** Its use is written down at most this often. */
const NOTE_USE_MS = 60_000;
/** Sessions that one key may hold in one conversation: its tabs share the newest, a race may make a few. */
const SESSIONS_KEPT = 3;
/** A session this young is never taken away by a newer one: a racing tab has only just received it. */
const RACE_MS = 60_000;

/** Whose request it is: one device's right to one conversation. */
export interface AuthenticatedSession {
  id: string;
  workspaceId: string;
  customerId: string;
  conversationId: string;
  /** Null when the device's web identity belongs to another conversation that it kept apart. */
  identityId: string | null;
  /** RFC 7638 thumbprint of the device's key. */
  thumbprint: string;
  handoffId: string | null;
  /** Events up to and including this seq are not shown. */
  visibleAfter: number;
  expiresAt: number;
}

const proofRequestOf = (request: FastifyRequest) => ({
  method: request.method,
  url: request.originalUrl,
  host: request.host,
  protocol: request.protocol,
  proof: typeof request.headers.dpop === 'string' ? request.headers.dpop : undefined,
});

/**
 * The thumbprint of the device that sent this request, by its proof alone (no session yet).
 * @throws ContinuoError `proof_invalid`, `proof_stale`, `rate_limited`
 */
export const proveDevice = (rt: Runtime, request: FastifyRequest): Promise<string> =>
  gateOf(rt).proofs.check(proofRequestOf(request), null);

const tokenOf = (authorization: string | undefined): string => {
  const token = /^DPoP ([A-Za-z0-9_-]{43})$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw new ContinuoError('unauthorized', { detail: 'Send Authorization: DPoP <token>.' });
  }
  return token;
};

const findSession = prepared((db, p: Params<{ tokenHash: string }>) =>
  db.selectFrom('sessions').selectAll().where('token_hash', '=', p('tokenHash')),
);

const hasEnded = (row: SessionTable, now: number): boolean =>
  row.revoked_at !== null || row.expires_at <= now || row.last_used_at + SESSION_IDLE_MS <= now;

/** How a session is looked up by its token, with what its route needs beside it. */
type FindSession<Row extends SessionTable> = (
  db: Kysely<Database>,
  values: { tokenHash: string },
) => Promise<Row[]>;

const toSession = (row: SessionTable): AuthenticatedSession => ({
  id: row.id,
  workspaceId: row.workspace_id,
  customerId: row.customer_id,
  conversationId: row.conversation_id,
  identityId: row.identity_id,
  thumbprint: row.key_thumbprint,
  handoffId: row.handoff_id,
  visibleAfter: row.visible_after,
  expiresAt: row.expires_at,
});

/**
 * The session of this request, and the row that `find` gave. It is read for every request, so that a revocation by
 * whichever process holds from its commit on.
 * @throws ContinuoError `unauthorized` (no token, an unknown one, or one of another key: all alike), `session_ended`, and those of the proof
 */
export const authenticateBy = async <Row extends SessionTable>(
  rt: Runtime,
  request: FastifyRequest,
  find: FindSession<Row>,
): Promise<{ session: AuthenticatedSession; row: Row }> => {
  const gate = gateOf(rt);
  const token = tokenOf(request.headers.authorization);
  const thumbprint = await gate.proofs.check(proofRequestOf(request), token);
  const [row] = await find(rt.store.db, { tokenHash: hashOf(token) });
  if (row === undefined || !sameText(row.key_thumbprint, thumbprint)) {
    throw new ContinuoError('unauthorized', { detail: 'Send Authorization: DPoP <token>.' });
  }
  const now = rt.now();
  if (hasEnded(row, now)) {
    rt.metrics.increment('continuo_sessions_total', { outcome: 'ended' });
    throw new ContinuoError('session_ended', { renewable: row.handoff_id !== null });
  }
  if (now - row.last_used_at >= NOTE_USE_MS) gate.noteUse(row.id);
  return { session: toSession(row), row };
};

/**
 * The session of this request.
 * @throws ContinuoError as {@link authenticateBy}
 */
export const authenticateSession = async (
  rt: Runtime,
  request: FastifyRequest,
): Promise<AuthenticatedSession> => (await authenticateBy(rt, request, findSession)).session;

/** Watches a session for an open stream: it ends at once where this process ends it, within a second where another does. */
export const watchSession = (rt: Runtime, sessionId: string): Right => gateOf(rt).watch.add(sessionId);

/** What a new session is for. */
export interface NewSession extends Omit<AuthenticatedSession, 'id' | 'expiresAt'> {
  /** When the right that it stands on began; it ends 14 days after. @default now */
  since?: number;
}

/**
 * Gives a device a session. Of the key's sessions in this conversation, those beyond the newest three end, but none
 * that is younger than a minute: tabs that race for one all go on working.
 * @returns the token in the clear, here and nowhere else
 */
export const issueSession = async (
  rt: Runtime,
  tx: Tx,
  input: NewSession,
): Promise<{ id: string; token: string; expiresAt: number }> => {
  const now = rt.now();
  const id = rt.newId('ses');
  const token = newToken(rt.randomBytes);
  const expiresAt = (input.since ?? now) + SESSION_LIFE_MS;
  const older = await tx.db
    .selectFrom('sessions')
    .select(['id', 'created_at'])
    .where('key_thumbprint', '=', input.thumbprint)
    .where('conversation_id', '=', input.conversationId)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .execute();
  const surplus = older.slice(SESSIONS_KEPT - 1).filter((row) => row.created_at <= now - RACE_MS);
  await endSessions(
    rt,
    tx,
    surplus.map((row) => row.id),
  );
  await tx.db
    .insertInto('sessions')
    .values({
      id,
      workspace_id: input.workspaceId,
      customer_id: input.customerId,
      conversation_id: input.conversationId,
      identity_id: input.identityId,
      token_hash: hashOf(token),
      key_thumbprint: input.thumbprint,
      handoff_id: input.handoffId,
      visible_after: input.visibleAfter,
      created_at: now,
      last_used_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    })
    .execute();
  tx.afterCommit(() => rt.metrics.increment('continuo_sessions_total', { outcome: 'opened' }));
  return { id, token, expiresAt };
};

/** Ends these sessions: requests are refused from the commit on, what is open on them closes, and links that they asked for are dead. */
const endSessions = async (rt: Runtime, tx: Tx, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await tx.db
    .updateTable('sessions')
    .set({ revoked_at: rt.now() })
    .where('id', 'in', ids)
    .where('revoked_at', 'is', null)
    .execute();
  await tx.db
    .updateTable('handoffs')
    .set({ revoked_at: rt.now() })
    .where('session_id', 'in', ids)
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
  tx.afterCommit(() => {
    for (const id of ids) rt.hub.endSession(id);
  });
};

/** Ends every session of a conversation, or those of one key or one handoff in it: a device that logs out leaves nothing behind. */
export const endSessionsOf = async (
  rt: Runtime,
  tx: Tx,
  of: { conversationId: string; thumbprint?: string; handoffId?: string },
): Promise<void> => {
  let query = tx.db
    .selectFrom('sessions')
    .select('id')
    .where('conversation_id', '=', of.conversationId)
    .where('revoked_at', 'is', null);
  if (of.thumbprint !== undefined) query = query.where('key_thumbprint', '=', of.thumbprint);
  if (of.handoffId !== undefined) query = query.where('handoff_id', '=', of.handoffId);
  const rows = await query.execute();
  await endSessions(
    rt,
    tx,
    rows.map((row) => row.id),
  );
};
