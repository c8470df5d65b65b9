import type { Actor } from '@continuo/protocol';
import { planDelivery } from '../deliveries/plan.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { issueLink } from './issue.ts';
import { linkFor } from './link.ts';
import { isOpenTo, socialThread } from './social-thread.ts';
import { handoffText } from './texts.ts';

/** Who asked for a link. */
export interface Mint {
  conversationId: string;
  actor: Actor;
  clientId: string | null;
}

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
  const { handoffId, expiresAt, seq, token } = await issueLink(rt, tx, {
    ...mint,
    workspaceId: thread.workspaceId,
    identityId: thread.identityId,
    purpose: 'social→web',
    sessionId: null,
    lifeMs: thread.settings.handoffMinutes * 60_000,
    from: thread.kind,
    to: 'web',
  });
  const url = await linkFor(rt, tx.db, { ...thread, token });
  const { text, button } = await textsFor(tx, conversationId);
  await planDelivery(rt, tx, {
    conversationId,
    seq,
    text,
    link: { url, title: button },
    immediate: true,
  });
  return { handoffId, expiresAt };
};
