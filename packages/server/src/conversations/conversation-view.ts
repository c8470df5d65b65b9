import type { Conversation } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { erasureOf } from '../customers/erasure.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { agentProfile } from './profile.ts';
import { type ConversationRow, loadAgent, loadConversation } from './rows.ts';
import { positionsOf } from './signals.ts';

/** The place in the workspace's queue, 1 for the next; null when it does not wait. */
const queuePosition = async (db: Kysely<Database>, row: ConversationRow): Promise<number | null> => {
  if (row.queued_at === null) return null;
  const queuedAt = row.queued_at;
  const { ahead } = await db
    .selectFrom('conversations')
    .select(({ fn }) => fn.countAll<number>().as('ahead'))
    .where('workspace_id', '=', row.workspace_id)
    .where('queued_at', 'is not', null)
    .where((eb) => eb(eb.refTuple('queued_at', 'id'), '<', eb.tuple(queuedAt, row.id)))
    .executeTakeFirstOrThrow();
  return Number(ahead) + 1;
};

/**
 * A conversation as its customer sees it.
 *
 * @throws ContinuoError `not_found`
 */
export const conversationView = async (
  rt: Runtime,
  db: Kysely<Database>,
  { conversationId, visibleAfter }: { conversationId: string; visibleAfter: number },
): Promise<Conversation> => {
  const row = await loadConversation(db, conversationId);
  const agent = row.assignee_id === null ? null : await loadAgent(db, row.assignee_id);
  return {
    id: row.id,
    head: row.head,
    visibleAfter,
    case: row.case_number === 0 ? null : { number: row.case_number, status: row.status },
    assignee: agent ? agentProfile(rt, agent) : null,
    queuePosition: await queuePosition(db, row),
    positions: positionsOf(row),
    ...(await erasureOf(db, row.customer_id)),
  };
};
