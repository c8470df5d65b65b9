import type { Actor, OfferedHandoff } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { mintHandoff } from './mint.ts';

/**
 * An agent offers to carry on on the web. The same `clientId` again gives the first answer and sends nothing.
 * @throws ContinuoError `conflict` (no social thread), `window_closed`, `rate_limited`
 */
export const offerHandoff = async (
  rt: Runtime,
  tx: Tx,
  input: { conversationId: string; agent: Actor; clientId: string },
): Promise<OfferedHandoff> => {
  const before = await tx.db
    .selectFrom('handoffs')
    .select(['id', 'expires_at'])
    .where('conversation_id', '=', input.conversationId)
    .where('client_id', '=', input.clientId)
    .executeTakeFirst();
  if (before) return { handoffId: before.id, expiresAt: before.expires_at };
  return mintHandoff(rt, tx, {
    conversationId: input.conversationId,
    actor: input.agent,
    clientId: input.clientId,
  });
};
