import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { applyEvent, deliveryRows } from './apply.ts';
import { readContent } from './content.ts';
import { ring } from './room.ts';
import { identityWindow } from './target.ts';

/**
 * Sends again what failed, or what the network may or may not have, because an agent asks for it.
 *
 * @throws ContinuoError `not_found`; `conflict` when it is neither failed nor unknown, or held more than
 * text (a link), which must be made anew; `window_closed`
 */
export const retryDelivery = async (
  rt: Runtime,
  tx: Tx,
  { deliveryId, conversationId }: { deliveryId: string; conversationId: string },
): Promise<void> => {
  const row = await deliveryRows(tx)
    .where('d.id', '=', deliveryId)
    .where('d.conversation_id', '=', conversationId)
    .executeTakeFirst();
  if (!row) throw new ContinuoError('not_found');
  if ((await readContent(rt.secrets, tx.db, row)) === null) {
    throw new ContinuoError('conflict', { detail: 'What it held is no longer kept. Send a new one.' });
  }
  const { state, until } = await identityWindow(rt, tx.db, row.identity_id);
  if (state === 'closed') throw new ContinuoError('window_closed', until === null ? {} : { until });
  const next = await applyEvent(rt, tx, { row, event: { type: 'retried' } });
  if (next === row)
    throw new ContinuoError('conflict', { detail: `It is ${row.state}: there is nothing to repeat` });
  await tx.db.updateTable('deliveries').set({ attempts: 0 }).where('id', '=', row.id).execute();
  tx.afterCommit(() => ring(rt, 'deliveries'));
};
