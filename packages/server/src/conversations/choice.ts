import type { Actor, ConversationEvent } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Tx } from '../storage/store.ts';
import { findLeastBusy, setAssignee } from './assign.ts';
import { queued } from './queue.ts';
import { type ConversationRow, loadAgent, loadConversation } from './rows.ts';

type Choice = Extract<ConversationEvent, { type: 'assignee.choice' }>['choice'];

/** What a network gives back when the customer presses an answer to "your agent is away". */
export const CHOICE_PAYLOADS = {
  wait: 'continuo:wait',
  colleague: 'continuo:colleague',
} as const satisfies Record<Choice, string>;

/** The choice that a payload stands for; null for any other payload. */
export const choiceOf = (payload: string): Choice | null => {
  if (payload === CHOICE_PAYLOADS.wait) return 'wait';
  return payload === CHOICE_PAYLOADS.colleague ? 'colleague' : null;
};

/** The key of a choice: pressed twice in a case it is one. It holds a colon, which no client's id may. */
const keyOf = (row: Pick<ConversationRow, 'case_number'>, choice: Choice): string =>
  `choice:${row.case_number}:${choice}`;

/** Whether the customer has asked for a colleague in this case: then no bot takes it. */
export const isPersonWanted = async (tx: Tx, row: ConversationRow): Promise<boolean> =>
  (await tx.findByClientId(row.id, keyOf(row, 'colleague'))) !== null;

const isBot = async (tx: Tx, agentId: string | null): Promise<boolean> =>
  agentId !== null && (await loadAgent(tx.db, agentId))?.bot === 1;

/**
 * The customer's answer after `assignee.away`: to wait, or to have a colleague (the least busy one, or the queue). While
 * a bot answers, a colleague can be asked for at any time.
 *
 * @throws ContinuoError `not_found`; `conflict` when there is nothing to choose: the agent has answered meanwhile, or a
 * colleague was chosen
 */
export const chooseWhenAway = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, choice }: { conversationId: string; choice: Choice },
): Promise<void> => {
  const row = await loadConversation(tx.db, conversationId);
  const mayChoose = row.assignee_away === 1 || (choice === 'colleague' && (await isBot(tx, row.assignee_id)));
  if (row.status !== 'open' || !mayChoose)
    throw new ContinuoError('conflict', { detail: 'there is nothing to choose any more' });
  const clientId = keyOf(row, choice);
  if (await tx.findByClientId(row.id, clientId)) return;
  await tx.append(row.id, [{ type: 'assignee.choice', choice }], { clientId, hash: hashOf(clientId) });
  if (choice === 'wait') return;
  const agent = await findLeastBusy(rt, tx.db, { workspaceId: row.workspace_id, except: row.assignee_id });
  const { name } = await tx.db
    .selectFrom('customers')
    .select('name')
    .where('id', '=', row.customer_id)
    .executeTakeFirstOrThrow();
  const actor: Actor = { kind: 'customer', id: row.customer_id, name };
  await setAssignee(rt, tx, { row, agent, actor, reason: agent ? 'customer' : 'queue' });
  if (!agent) tx.afterCommit(() => queued(rt, row.workspace_id));
};
