import type { Actor } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { planDelivery } from '../deliveries/plan.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf, newToken } from '../sessions/tokens.ts';
import type { Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { linkFor } from './link.ts';
import { isOpenTo, type SocialThread, socialThread } from './social-thread.ts';
import { recordStep } from './steps.ts';
import { handoffText } from './texts.ts';

const HOUR_MS = 3_600_000;
/** Links in one conversation in one hour (DESIGN.md). */
const MINTS_PER_HOUR = 5;

/** Seconds until this conversation may have a further link; 0 when it may now. */
export const secondsToNextLink = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<number> => {
  const now = rt.now();
  const recent = await db
    .selectFrom('handoffs')
    .select('created_at')
    .where('conversation_id', '=', conversationId)
    .where('created_at', '>', now - HOUR_MS)
    .orderBy('created_at', 'desc')
    .limit(MINTS_PER_HOUR)
    .execute();
  const oldest = recent[MINTS_PER_HOUR - 1];
  return oldest === undefined ? 0 : Math.ceil((oldest.created_at + HOUR_MS - now) / 1000);
};

/** Who asked for a link. */
export interface Mint {
  conversationId: string;
  actor: Actor;
  clientId: string | null;
}

const revokeLive = async (rt: Runtime, tx: Tx, conversationId: string): Promise<void> => {
  const now = rt.now();
  await tx.db
    .updateTable('handoffs')
    .set({ revoked_at: now })
    .where('conversation_id', '=', conversationId)
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
};

const insertHandoff = async (
  rt: Runtime,
  tx: Tx,
  input: { mint: Mint; thread: SocialThread; token: string },
) => {
  const { mint, thread } = input;
  const now = rt.now();
  return tx.db
    .insertInto('handoffs')
    .values({
      id: rt.newId('hnd'),
      workspace_id: thread.workspaceId,
      conversation_id: mint.conversationId,
      identity_id: thread.identityId,
      purpose: 'social→web',
      token_hash: hashOf(input.token),
      client_id: mint.clientId,
      created_by: mint.actor.kind === 'agent' ? mint.actor.id : null,
      created_at: now,
      expires_at: now + thread.settings.handoffMinutes * 60_000,
      peeked_at: null,
      peeked_by: null,
      redeemed_at: null,
      redeemed_by: null,
      revoked_at: null,
    })
    .returning(['id', 'expires_at'])
    .executeTakeFirstOrThrow();
};

const textsFor = async (tx: Tx, conversationId: string) => {
  const row = await tx.db
    .selectFrom('conversations')
    .innerJoin('customers', 'customers.id', 'conversations.customer_id')
    .leftJoin('agents', 'agents.id', 'conversations.assignee_id')
    .select(['customers.locale', 'agents.name'])
    .where('conversations.id', '=', conversationId)
    .executeTakeFirstOrThrow();
  return handoffText(row.locale, row.name);
};

/**
 * Makes a link and sends it into the social thread, the only place that it ever goes. It takes the place of the last
 * one that is still live. The token leaves this function only inside the delivery, which is sealed.
 * @throws ContinuoError `conflict` (no social thread), `window_closed`, `rate_limited`
 */
export const mintHandoff = async (
  rt: Runtime,
  tx: Tx,
  mint: Mint,
): Promise<{ handoffId: string; expiresAt: number }> => {
  const { conversationId } = mint;
  const thread = await socialThread(rt, tx.db, conversationId);
  if (thread === null) {
    throw new ContinuoError('conflict', { detail: 'The customer has no social thread to send a link to.' });
  }
  if (!isOpenTo(mint.actor.kind === 'agent' ? 'person' : 'machine', thread.window)) {
    const { until } = thread.window;
    throw new ContinuoError('window_closed', {
      ...(thread.deepLink !== null && { deepLink: thread.deepLink }),
      ...(until !== null && { until }),
    });
  }
  const retryAfter = await secondsToNextLink(rt, tx.db, conversationId);
  if (retryAfter > 0) throw new ContinuoError('rate_limited', { retryAfter });
  const token = newToken(rt.randomBytes);
  const url = await linkFor(rt, tx, { thread, token });
  await revokeLive(rt, tx, conversationId);
  const handoff = await insertHandoff(rt, tx, { mint, thread, token });
  const seq = await recordStep(rt, tx, {
    handoffId: handoff.id,
    conversationId,
    from: thread.kind,
    step: 'offered',
    actor: mint.actor,
    expiresAt: handoff.expires_at,
  });
  const { text, button } = await textsFor(tx, conversationId);
  await planDelivery(rt, tx, {
    conversationId,
    seq,
    text,
    link: { url, title: button },
    immediate: true,
  });
  return { handoffId: handoff.id, expiresAt: handoff.expires_at };
};
