import type { Runtime } from '../runtime.ts';
import { agentProfile, isAgentOnline } from './profile.ts';
import { giveOutQueue } from './queue.ts';
import { type AgentRow, loadAgent } from './rows.ts';

/** Conversations looked up in one query: SQLite takes no more than 32,766 parameters. */
const LOOKUP = 500;

/** Whoever has a conversation of theirs open on this node is told, resolved or not. */
const tellWatchers = async (rt: Runtime, agent: AgentRow): Promise<void> => {
  const watched = rt.hub.watched();
  const signal = { type: 'assignee', agent: agentProfile(rt, agent) } as const;
  for (let from = 0; from < watched.length; from += LOOKUP) {
    const theirs = await rt.store.db
      .selectFrom('conversations')
      .select('id')
      .where('assignee_id', '=', agent.id)
      .where('id', 'in', watched.slice(from, from + LOOKUP))
      .execute();
    for (const { id } of theirs) rt.hub.here.signal(id, signal, 'all');
  }
};

/**
 * Call it on every node after an agent's inbox connected or left, or their status was changed: their colleagues and the
 * customers who watch a conversation of theirs are told, and an agent who is online takes what waits.
 */
export const agentPresenceHere = async (rt: Runtime, agentId: string): Promise<void> => {
  const agent = await loadAgent(rt.store.db, agentId);
  if (!agent) return;
  rt.hub.here.signalInbox(agent.workspace_id, { type: 'agent', agent: agentProfile(rt, agent) });
  await tellWatchers(rt, agent);
  if (isAgentOnline(rt, agent)) await giveOutQueue(rt, agent.workspace_id);
};

/** The same for a status that was changed on this node: the others are told. */
export const agentPresenceChanged = (rt: Runtime, agentId: string): Promise<void> => {
  rt.hub.elsewhere.agentChanged(agentId);
  return agentPresenceHere(rt, agentId);
};
