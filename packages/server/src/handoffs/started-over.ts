import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { handoffState } from './state.ts';

/** A conversation that is begun this soon after a link was given out is what the link should have spared the customer. */
const SOON_MS = 86_400_000;

/**
 * Counts the failure that handoffs exist against: a device that looked at a link now begins a conversation of its own.
 * The reason is how the link stands: still `live` (it was not pressed), or `expired`, `used`, `revoked`.
 */
export const noteStartedOver = async (rt: Runtime, tx: Tx, thumbprint: string): Promise<void> => {
  const now = rt.now();
  const row = await tx.db
    .selectFrom('handoffs')
    .selectAll()
    .where('peeked_by', '=', thumbprint)
    .where('created_at', '>', now - SOON_MS)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return;
  const reason = handoffState(row, { thumbprint, now });
  tx.afterCommit(() => rt.metrics.increment('continuo_handoffs_total', { step: 'started_over', reason }));
};
