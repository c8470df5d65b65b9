import type { ConversationSummary } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { agentProfile } from './profile.ts';

/** What a row of the inbox is made from. */
export const selectSummaries = (db: Kysely<Database>) =>
  db
    .selectFrom('conversations as c')
    .innerJoin('customers as u', 'u.id', 'c.customer_id')
    .leftJoin('agents as a', 'a.id', 'c.assignee_id')
    .select([
      'c.id',
      'c.workspace_id',
      'c.customer_id',
      'u.name as customer_name',
      'u.picture_url as customer_picture_url',
      'u.locale as customer_locale',
      'c.last_channel_kind',
      'c.assignee_id',
      'a.name as agent_name',
      'a.picture_url as agent_picture_url',
      'a.status as agent_status',
      'a.role as agent_role',
      'a.bot as agent_bot',
      'c.status',
      'c.joined_into',
      'c.assignee_away',
      'c.head',
      'c.last_message_seq',
      'c.last_message_at',
      'c.last_message_from',
      'c.last_message_preview',
      'c.unread',
      'c.waiting_since',
      'c.queued_at',
      'c.updated_at',
    ]);

export type SummaryRow = Awaited<ReturnType<ReturnType<typeof selectSummaries>['execute']>>[number];

const assigneeOf = (rt: Runtime, row: SummaryRow): ConversationSummary['assignee'] => {
  if (row.assignee_id === null || row.agent_name === null || row.agent_status === null) return null;
  return agentProfile(rt, {
    id: row.assignee_id,
    workspace_id: row.workspace_id,
    name: row.agent_name,
    picture_url: row.agent_picture_url,
    status: row.agent_status,
    role: row.agent_role,
    bot: row.agent_bot ?? 0,
  });
};

const lastMessageOf = (row: SummaryRow): ConversationSummary['lastMessage'] => {
  if (row.last_message_at === null || row.last_message_from === null) return null;
  return {
    seq: row.last_message_seq,
    at: row.last_message_at,
    from: row.last_message_from,
    preview: row.last_message_preview ?? '',
  };
};

export const toSummary = (rt: Runtime, row: SummaryRow): ConversationSummary => ({
  id: row.id,
  customer: {
    id: row.customer_id,
    name: row.customer_name,
    pictureUrl: row.customer_picture_url,
    locale: row.customer_locale,
  },
  channelKind: row.last_channel_kind,
  assignee: assigneeOf(rt, row),
  status: row.status,
  ...(row.joined_into !== null && { joinedInto: row.joined_into }),
  assigneeAway: row.assignee_away === 1,
  head: row.head,
  lastMessage: lastMessageOf(row),
  unread: row.unread,
  waitingSince: row.waiting_since,
  presence: rt.presence.of(row.id),
  updatedAt: row.updated_at,
});

/** Rows of the inbox for these conversations, each with its workspace. Those in which nothing was said yet have none. */
export const summaryViews = async (
  rt: Runtime,
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<{ workspaceId: string; summary: ConversationSummary }[]> => {
  const rows = await selectSummaries(db).where('c.id', 'in', ids).where('c.case_number', '>', 0).execute();
  return rows.map((row) => ({ workspaceId: row.workspace_id, summary: toSummary(rt, row) }));
};
