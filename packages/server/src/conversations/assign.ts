import type { Actor, ConversationEvent } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { agentActor, isAgentOnline, SYSTEM } from './profile.ts';
import { queueMoved } from './queue-places.ts';
import { type AgentRow, type ConversationRow, loadAgent, loadConversation } from './rows.ts';
import { signalAssignee } from './signals.ts';

type Reason = Extract<ConversationEvent, { type: 'assigned' }>['reason'];

/** An agent who may be given a conversation. */
export interface Candidate {
  id: string;
  online: boolean;
  /** Open conversations that are theirs now. */
  open: number;
}

/** The least busy of the online agents; among equals the first by id, so that the choice is the same everywhere. Null when nobody is online. */
export const chooseAgent = (agents: readonly Candidate[]): string | null => {
  let best: Candidate | null = null;
  for (const agent of agents) {
    if (!agent.online) continue;
    const better =
      best === null || agent.open < best.open || (agent.open === best.open && agent.id < best.id);
    if (better) best = agent;
  }
  return best?.id ?? null;
};

/** Every person of the workspace who is online, with how busy they are. A bot is given nothing: it has what it answers. */
const loadCandidates = async (
  rt: Runtime,
  db: Kysely<Database>,
  workspaceId: string,
): Promise<(Candidate & { agent: AgentRow })[]> => {
  const agents = await db
    .selectFrom('agents')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('bot', '=', 0)
    .execute();
  const online = agents.filter((agent) => isAgentOnline(rt, agent));
  if (online.length === 0) return [];
  const counts = await db
    .selectFrom('conversations')
    .select(({ fn }) => ['assignee_id', fn.countAll<number>().as('open')])
    .where(
      'assignee_id',
      'in',
      online.map((agent) => agent.id),
    )
    .where('status', '=', 'open')
    .groupBy('assignee_id')
    .execute();
  const openOf = new Map(counts.map((row) => [row.assignee_id, Number(row.open)]));
  return online.map((agent) => ({ agent, id: agent.id, online: true, open: openOf.get(agent.id) ?? 0 }));
};

/** The agent to whom a conversation of this workspace would go now; never `except`. */
export const findLeastBusy = async (
  rt: Runtime,
  db: Kysely<Database>,
  { workspaceId, except }: { workspaceId: string; except: string | null },
): Promise<AgentRow | null> => {
  const candidates = await loadCandidates(rt, db, workspaceId);
  const chosen = chooseAgent(candidates.filter(({ id }) => id !== except));
  return candidates.find(({ id }) => id === chosen)?.agent ?? null;
};

export interface NewAssignee {
  /** Null: it waits in the queue. */
  agent: AgentRow | null;
  actor: Actor;
  reason: Reason;
}

/** Writes a change of assignee: the event, the row, and the news of it. */
export const setAssignee = async (
  rt: Runtime,
  tx: Tx,
  {
    row,
    agent,
    actor,
    reason,
  }: NewAssignee & { row: Pick<ConversationRow, 'id' | 'status' | 'workspace_id'> },
): Promise<void> => {
  await tx.append(row.id, [{ type: 'assigned', agent: agent ? agentActor(agent) : null, actor, reason }]);
  await tx.db
    .updateTable('conversations')
    .set({
      assignee_id: agent?.id ?? null,
      assignee_away: 0,
      queued_at: agent === null && row.status === 'open' ? rt.now() : null,
    })
    .where('id', '=', row.id)
    .execute();
  tx.afterCommit(() => {
    signalAssignee(rt, row.id, agent);
    announce(rt, row.id);
    queueMoved(rt, row.workspace_id);
  });
};

export interface Assign {
  conversationId: string;
  /** Null: back into the queue. */
  agentId: string | null;
  actor: Actor;
  reason: Reason;
}

/**
 * Gives a conversation to an agent, or back to the queue. Nothing happens where it is so already.
 *
 * @throws ContinuoError `not_found`; `conflict` when there is no such agent in the conversation's workspace
 */
export const assign = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, agentId, actor, reason }: Assign,
): Promise<void> => {
  const row = await loadConversation(tx.db, conversationId);
  const agent = agentId === null ? null : await loadAgent(tx.db, agentId);
  const foreign = agent !== null && agent.workspace_id !== row.workspace_id;
  if (foreign || (agentId !== null && agent === null))
    throw new ContinuoError('conflict', { detail: 'there is no such agent in this workspace' });
  if (row.assignee_id === agentId) return;
  await setAssignee(rt, tx, { row, agent, actor, reason });
};

/** Conversations given away in one unit of work, so that a long queue does not hold up other writes. */
const QUEUE_PAGE = 100;

/**
 * An agent came online: what waits is given away, the oldest first, each to the least busy agent at that moment.
 *
 * @returns how many were given away; call again while `more`
 */
export const drainQueue = async (
  rt: Runtime,
  tx: Tx,
  workspaceId: string,
): Promise<{ assigned: number; more: boolean }> => {
  const candidates = await loadCandidates(rt, tx.db, workspaceId);
  if (candidates.length === 0) return { assigned: 0, more: false };
  const rows = await tx.db
    .selectFrom('conversations')
    .select(['id', 'status', 'workspace_id'])
    .where('workspace_id', '=', workspaceId)
    .where('queued_at', 'is not', null)
    .orderBy('queued_at')
    .orderBy('id')
    .limit(QUEUE_PAGE)
    .execute();
  for (const row of rows) {
    const chosen = chooseAgent(candidates);
    const candidate = candidates.find(({ id }) => id === chosen);
    if (!candidate) break;
    await setAssignee(rt, tx, { row, agent: candidate.agent, actor: SYSTEM, reason: 'auto' });
    candidate.open += 1;
  }
  return { assigned: rows.length, more: rows.length === QUEUE_PAGE };
};
