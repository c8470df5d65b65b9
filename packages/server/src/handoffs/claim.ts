import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';

/** Takes the token: one atomic update, won by one taker however many try. */
export const claimLink = async (
  rt: Runtime,
  tx: Tx,
  { handoffId, taker }: { handoffId: string; taker: string },
): Promise<boolean> => {
  const now = rt.now();
  const claimed = await tx.db
    .updateTable('handoffs')
    .set({ redeemed_at: now, redeemed_by: taker })
    .where('id', '=', handoffId)
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst();
  return claimed !== undefined;
};
