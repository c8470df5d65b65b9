import type { Actor } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { loadConversation } from './rows.ts';

/**
 * Resolves the open case. The conversation and its assignee stay as they are for the next one.
 *
 * @throws ContinuoError `not_found`; `conflict` when no case is open
 */
export const resolveCase = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, actor }: { conversationId: string; actor: Actor },
): Promise<void> => {
  const row = await loadConversation(tx.db, conversationId);
  if (row.status !== 'open') throw new ContinuoError('conflict', { detail: 'no case is open' });
  await tx.append(row.id, [{ type: 'case.resolved', case: row.case_number, actor }]);
  await tx.db
    .updateTable('cases')
    .set({ resolved_at: rt.now() })
    .where('conversation_id', '=', row.id)
    .where('resolved_at', 'is', null)
    .execute();
  await tx.db
    .updateTable('conversations')
    .set({ status: 'resolved', assignee_away: 0, queued_at: null, waiting_since: null, unread: 0 })
    .where('id', '=', row.id)
    .execute();
  tx.afterCommit(() => announce(rt, row.id));
};
