import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { findLeastBusy, setAssignee } from './assign.ts';
import { agentActor, isAgentOnline, SYSTEM } from './profile.ts';
import { queued } from './queue.ts';
import { type AgentRow, type ConversationRow, loadAgent } from './rows.ts';

/** Writes the row of a case that a `case.opened` event has just opened. */
export const insertCase = async (
  rt: Runtime,
  tx: Tx,
  { row, openedSeq }: { row: ConversationRow; openedSeq: number },
): Promise<void> => {
  await tx.db
    .insertInto('cases')
    .values({
      id: rt.newId('cse'),
      conversation_id: row.id,
      number: row.case_number + 1,
      opened_seq: openedSeq,
      opened_at: rt.now(),
      resolved_at: null,
    })
    .execute();
};

/** What became of a new case. `away`: its assignee is away; `seq` is that of the event that says so. */
export type Placed = { away: null } | { away: AgentRow; seq: number };

/**
 * Finds out who a customer's new case belongs to: to the assignee the conversation has, even if they are away (the
 * customer is told, and chooses); or else to the least busy agent; or else to the queue.
 */
export const placeCase = async (rt: Runtime, tx: Tx, row: ConversationRow): Promise<Placed> => {
  const assignee = row.assignee_id === null ? null : await loadAgent(tx.db, row.assignee_id);
  if (!assignee) {
    const agent = await findLeastBusy(rt, tx.db, { workspaceId: row.workspace_id, except: null });
    const reason = agent ? 'auto' : 'queue';
    await setAssignee(rt, tx, { row: { ...row, status: 'open' }, agent, actor: SYSTEM, reason });
    if (!agent) tx.afterCommit(() => queued(rt, row.workspace_id));
    return { away: null };
  }
  if (isAgentOnline(rt, assignee)) return { away: null };
  const [event] = await tx.append(row.id, [{ type: 'assignee.away', agent: agentActor(assignee) }]);
  await tx.db.updateTable('conversations').set({ assignee_away: 1 }).where('id', '=', row.id).execute();
  tx.afterCommit(() => announce(rt, row.id));
  return event ? { away: assignee, seq: event.seq } : { away: null };
};
