import { setAssignee } from '../conversations/assign.ts';
import { insertCase } from '../conversations/cases.ts';
import { SYSTEM } from '../conversations/profile.ts';
import { queued } from '../conversations/queue.ts';
import { loadAgent } from '../conversations/rows.ts';
import { joinConversation } from '../handoffs/join.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, endSessionsOf } from '../sessions/sessions.ts';
import type { Tx } from '../storage/store.ts';
import { moveUser } from './brand-users.ts';
import { meet, type Side } from './sides.ts';

/** Every device of one customer goes over to another. It came by the person's log-in, so it needs no link to come back. */
const moveDevices = async (tx: Tx, { from, into }: { from: Side; into: Side }): Promise<void> => {
  await tx.db
    .updateTable('identities')
    .set({ customer_id: into.row.customer_id, handoff_id: null })
    .where('customer_id', '=', from.row.customer_id)
    .execute();
};

/**
 * Who waits for an answer goes on waiting: the case that the join resolved opens again over there, with the same agent.
 */
export const carryCase = async (
  rt: Runtime,
  tx: Tx,
  { from, into }: { from: Side; into: Side },
): Promise<void> => {
  if (from.row.status !== 'open' || into.row.status === 'open') return;
  const { id, case_number, assignee_id, workspace_id } = into.row;
  const [opened] = await tx.append(id, [{ type: 'case.opened', case: case_number + 1 }]);
  if (!opened) return;
  await insertCase(rt, tx, { row: into.row, openedSeq: opened.seq });
  await tx.db
    .updateTable('conversations')
    .set({ status: 'open', case_number: case_number + 1, waiting_since: from.row.waiting_since })
    .where('id', '=', id)
    .execute();
  const agent = from.row.assignee_id === null ? null : await loadAgent(tx.db, from.row.assignee_id);
  if (assignee_id !== null && (agent === null || agent.id === assignee_id)) return;
  const reason = agent ? 'auto' : 'queue';
  await setAssignee(rt, tx, { row: { id, workspace_id, status: 'open' }, agent, actor: SYSTEM, reason });
  if (!agent) tx.afterCommit(() => queued(rt, workspace_id));
};

const join = async (rt: Runtime, tx: Tx, { from, into }: { from: Side; into: Side }): Promise<void> => {
  if (from.row.last_message_seq > 0) {
    await joinConversation(rt, tx, { from: from.row.id, into: into.row.id });
    await carryCase(rt, tx, { from, into });
  } else {
    // Nothing was said in it: there is nothing to point to.
    await moveUser(tx, { from: from.row.customer_id, into: into.row.customer_id });
    await endSessionsOf(rt, tx, { conversationId: from.row.id });
  }
  await moveDevices(tx, { from, into });
};

/**
 * Brings the two conversations of one person together: that of the device, where nobody had logged in, and that of their
 * account.
 * @returns the one that goes on
 */
export const bringTogether = async (
  rt: Runtime,
  tx: Tx,
  { session, device, account }: { session: AuthenticatedSession; device: Side; account: Side },
): Promise<Side> => {
  const meeting = meet(device, account);
  if (meeting === 'device') {
    await join(rt, tx, { from: account, into: device });
    return device;
  }
  if (meeting === 'account') {
    await join(rt, tx, { from: device, into: account });
    return account;
  }
  await endSessionsOf(rt, tx, { conversationId: device.row.id, thumbprint: session.thumbprint });
  if (session.identityId !== null) {
    await tx.db
      .updateTable('identities')
      .set({ customer_id: account.row.customer_id, handoff_id: null })
      .where('id', '=', session.identityId)
      .execute();
  }
  return account;
};
