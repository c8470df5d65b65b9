import type { Actor } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { resolveCase } from './resolve.ts';
import { loadConversation } from './rows.ts';

/**
 * The customer ends the chat: resolves this case. Where it is resolved already, or another one is open, nothing happens, so
 * that a press that arrives twice or late never ends what was begun since.
 *
 * @throws ContinuoError `not_found`
 */
export const resolveOwnCase = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, number, actor }: { conversationId: string; number: number; actor: Actor },
): Promise<void> => {
  const row = await loadConversation(tx.db, conversationId);
  if (row.status !== 'open' || row.case_number !== number) return;
  await resolveCase(rt, tx, { conversationId, actor });
};
