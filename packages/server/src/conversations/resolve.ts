import type { Actor } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { endCallback } from './callbacks.ts';
import { queueMoved } from './queue-places.ts';
import { loadConversation } from './rows.ts';

/**
 * Resolves the open case, and cancels a call that is still asked for in it. The conversation and its assignee stay as they are for the next one.
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
  if (row.callback_id) {
    const how = 'callback.cancelled' as const;
    await endCallback(rt, tx, { conversationId: row.id, callbackId: row.callback_id, actor, how });
  }
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
  tx.afterCommit(() => {
    announce(rt, row.id);
    if (row.queued_at !== null) queueMoved(rt, row.workspace_id);
  });
};
