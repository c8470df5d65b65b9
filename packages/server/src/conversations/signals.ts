import type { Positions } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { agentProfile } from './profile.ts';
import type { AgentRow, ConversationRow } from './rows.ts';
import { loadAgent } from './rows.ts';

type PositionColumns = Pick<
  ConversationRow,
  'customer_received' | 'customer_read' | 'agent_received' | 'agent_read'
>;

export const positionsOf = (row: PositionColumns): Positions => ({
  customerReceived: row.customer_received,
  customerRead: row.customer_read,
  // Whoever answered has received what they answered.
  agentReceived: Math.max(row.agent_received, row.agent_read),
  agentRead: row.agent_read,
});

/** Tells everyone on the conversation how far each side has got. */
export const signalPositions = (
  rt: Pick<Runtime, 'hub'>,
  conversationId: string,
  row: PositionColumns,
): void => {
  rt.hub.signal(conversationId, { type: 'positions', positions: positionsOf(row) }, 'all');
};

/** Tells everyone on the conversation who its assignee is, as they are now. */
export const signalAssignee = (
  rt: Pick<Runtime, 'hub'>,
  conversationId: string,
  agent: AgentRow | null,
): void => {
  rt.hub.signal(conversationId, { type: 'assignee', agent: agent ? agentProfile(rt, agent) : null }, 'all');
};

/** What a live stream says first: the two signals that are sent at the start of each. */
export const startSignals = async (
  rt: Pick<Runtime, 'hub'>,
  db: Kysely<Database>,
  conversationId: string,
) => {
  const row = await db
    .selectFrom('conversations')
    .select(['assignee_id', 'customer_received', 'customer_read', 'agent_received', 'agent_read'])
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
  const agent = row.assignee_id === null ? null : await loadAgent(db, row.assignee_id);
  return { positions: positionsOf(row), assignee: agent ? agentProfile(rt, agent) : null };
};
