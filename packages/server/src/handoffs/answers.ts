import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Tx } from '../storage/store.ts';
import { findHandoff } from './find.ts';
import { mintHandoff } from './mint.ts';
import { recordStep, SOMEONE } from './steps.ts';

/**
 * "Not me": noted once. The link stays live, because whom it was meant for may yet press it.
 * @throws ContinuoError `not_found`
 */
export const declineHandoff = async (rt: Runtime, tx: Tx, token: string): Promise<void> => {
  const found = await findHandoff(tx.db, token);
  await recordStep(rt, tx, {
    handoffId: found.row.id,
    conversationId: found.conversationId,
    from: found.from.kind,
    step: 'declined',
    actor: SOMEONE,
  });
  // Whoever it is, they have not come to carry on: what they say next starts nothing over.
  await tx.db.updateTable('handoffs').set({ peeked_by: null }).where('id', '=', found.row.id).execute();
};

/**
 * "Send me a new one": a fresh link goes into the social thread, never to who asked. Any token that was once given out
 * may ask, live or not; for an unknown one nothing happens, and the asker is told the same.
 * @throws ContinuoError `window_closed`, `rate_limited`
 */
export const renewHandoff = async (rt: Runtime, tx: Tx, token: string): Promise<void> => {
  const known = await tx.db
    .selectFrom('handoffs')
    .select('conversation_id')
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  if (known === undefined) return;
  await mintHandoff(rt, tx, { conversationId: known.conversation_id, actor: SOMEONE, clientId: null });
};
