import type { Actor, AgentProfile } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { AgentRow } from './rows.ts';

/** Whether an agent can take a conversation now: they chose "online", and an inbox of theirs is connected. */
export const isAgentOnline = (
  rt: Pick<Runtime, 'hub'>,
  agent: Pick<AgentRow, 'id' | 'workspace_id' | 'status'>,
): boolean => agent.status === 'online' && rt.hub.connectedAgents(agent.workspace_id).has(agent.id);

/** An agent as everyone sees them. */
export const agentProfile = (
  rt: Pick<Runtime, 'hub'>,
  agent: Pick<AgentRow, 'id' | 'workspace_id' | 'status' | 'name' | 'picture_url' | 'role' | 'bot'>,
): AgentProfile => ({
  id: agent.id,
  name: agent.name,
  pictureUrl: agent.picture_url,
  status: isAgentOnline(rt, agent) ? 'online' : 'away',
  ...(agent.role !== null && { role: agent.role }),
  ...(agent.bot === 1 && { bot: true }),
});

/** An agent as the one who did something. */
export const agentActor = (agent: Pick<AgentRow, 'id' | 'name'>): Actor => ({
  kind: 'agent',
  id: agent.id,
  name: agent.name,
});

/** Continuo itself. */
export const SYSTEM: Actor = { kind: 'system', id: null, name: null };
