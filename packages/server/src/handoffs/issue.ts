import type { Actor, ChannelKind } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf, newToken } from '../sessions/tokens.ts';
import type { Database, HandoffPurpose } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { recordStep } from './steps.ts';

const HOUR_MS = 3_600_000;
/** Links of one purpose in one conversation in one hour (DESIGN.md). */
const LINKS_PER_HOUR = 5;

/** Links of one purpose: those of another neither count nor are replaced. */
export interface LinksOf {
  conversationId: string;
  purpose: HandoffPurpose;
}

/** Seconds until this conversation may have a further link; 0 when it may now. */
export const secondsToNextLink = async (
  rt: Runtime,
  db: Kysely<Database>,
  { conversationId, purpose }: LinksOf,
): Promise<number> => {
  const now = rt.now();
  const recent = await db
    .selectFrom('handoffs')
    .select('created_at')
    .where('conversation_id', '=', conversationId)
    .where('purpose', '=', purpose)
    .where('created_at', '>', now - HOUR_MS)
    .orderBy('created_at', 'desc')
    .limit(LINKS_PER_HOUR)
    .execute();
  const oldest = recent[LINKS_PER_HOUR - 1];
  return oldest === undefined ? 0 : Math.ceil((oldest.created_at + HOUR_MS - now) / 1000);
};

const revokeLive = async (rt: Runtime, tx: Tx, { conversationId, purpose }: LinksOf): Promise<void> => {
  const now = rt.now();
  await tx.db
    .updateTable('handoffs')
    .set({ revoked_at: now })
    .where('conversation_id', '=', conversationId)
    .where('purpose', '=', purpose)
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
};

/** A link to be made. */
export interface NewLink extends LinksOf {
  workspaceId: string;
  identityId: string;
  /** Who asked for it. */
  actor: Actor;
  clientId: string | null;
  /** The session of the device that asked; null where none did. */
  sessionId: string | null;
  lifeMs: number;
  from: ChannelKind;
  to: ChannelKind;
}

/** A link that was made. */
export interface IssuedLink {
  handoffId: string;
  expiresAt: number;
  /** The seq of its event. */
  seq: number;
  /** In the clear here and nowhere else. */
  token: string;
}

/**
 * Makes a conversation token, in place of the last one of the same purpose that is still live.
 * @throws ContinuoError `rate_limited`
 */
export const issueLink = async (rt: Runtime, tx: Tx, link: NewLink): Promise<IssuedLink> => {
  const { conversationId, purpose, actor, from, to } = link;
  const retryAfter = await secondsToNextLink(rt, tx.db, link);
  if (retryAfter > 0) throw new ContinuoError('rate_limited', { retryAfter });
  await revokeLive(rt, tx, link);
  const token = newToken(rt.randomBytes);
  const now = rt.now();
  const { id, expires_at } = await tx.db
    .insertInto('handoffs')
    .values({
      id: rt.newId('hnd'),
      workspace_id: link.workspaceId,
      conversation_id: conversationId,
      identity_id: link.identityId,
      purpose,
      token_hash: hashOf(token),
      client_id: link.clientId,
      created_by: actor.kind === 'agent' ? actor.id : null,
      created_at: now,
      expires_at: now + link.lifeMs,
      peeked_at: null,
      peeked_by: null,
      redeemed_at: null,
      redeemed_by: null,
      revoked_at: null,
      session_id: link.sessionId,
    })
    .returning(['id', 'expires_at'])
    .executeTakeFirstOrThrow();
  const expiresAt = expires_at;
  const seq = await recordStep(rt, tx, {
    handoffId: id,
    conversationId,
    from,
    to,
    step: 'offered',
    actor,
    expiresAt,
  });
  return { handoffId: id, expiresAt, seq, token };
};
