import type { SendResult } from '@continuo/channels';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { applyEvent, deliveryRows } from './apply.ts';
import { backoff } from './backoff.ts';
import type { Claim } from './claim.ts';
import type { DeliveryEvent } from './policy.ts';
import { ring } from './room.ts';

/** Tries of one delivery; with the waits between them about half an hour. */
const MAX_ATTEMPTS = 10;

/** What the network's answer means for the deliveries of a claim. */
const toEvent = (rt: Runtime, claim: Claim, result: SendResult): DeliveryEvent => {
  if (result.outcome === 'sent') return { type: 'sent', messageId: result.messageId };
  if (result.outcome === 'unknown') return { type: 'unanswered', message: result.message };
  const wait = Math.max(result.retryAfterMs ?? 0, backoff(claim.attempt, rt.randomBytes));
  const again = result.retry && claim.attempt < MAX_ATTEMPTS;
  return { type: 'refused', error: result.error, retryAt: again ? rt.now() + wait : null };
};

/**
 * Writes down how a claim ended. Only what is still under this claim changes: an echo may have come first, or an agent
 * may have asked for another try after the lease ran out.
 */
export const settle = async (
  rt: Runtime,
  tx: Tx,
  { claim, result }: { claim: Claim; result: SendResult },
): Promise<void> => {
  const rows = await deliveryRows(tx).where('d.lease_owner', '=', claim.id).execute();
  const event = toEvent(rt, claim, result);
  for (const row of rows) await applyEvent(rt, tx, { row, event });
  tx.afterCommit(() => ring(rt, 'deliveries'));
};
