import type { ConversationSummary, InboxList } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { type SummaryRow, selectSummaries, toSummary } from './summary.ts';

export interface ListInbox {
  workspaceId: string;
  /** Who asks: whose `mine` are. */
  agentId: string;
  view: 'mine' | 'waiting' | 'all';
  status: ConversationSummary['status'];
  /** From the page before; null for the first page. */
  cursor: string | null;
}

/** Conversations in one page of the inbox. */
const PAGE = 50;

/** Where a page ended: the time that the list is sorted by, and the id. */
interface Position {
  at: number;
  id: string;
}

const writeCursor = ({ at, id }: Position): string => `${at}.${id}`;

const readCursor = (cursor: string): Position => {
  const match = /^(\d{1,16})\.([A-Za-z0-9_-]{1,64})$/.exec(cursor);
  if (!match?.[1] || !match[2])
    throw new ContinuoError('bad_request', { detail: 'the cursor is not one of ours' });
  return { at: Number(match[1]), id: match[2] };
};

/** Everything that was ever said something in, and that goes on under its own id. */
const selectRows = (
  db: Kysely<Database>,
  { workspaceId, status }: Pick<ListInbox, 'workspaceId' | 'status'>,
) =>
  selectSummaries(db)
    .where('c.workspace_id', '=', workspaceId)
    .where('c.status', '=', status)
    .where('c.case_number', '>', 0)
    .where('c.joined_into', 'is', null)
    .limit(PAGE + 1);

/** The queue: the longest waiting first. */
const selectWaiting = (db: Kysely<Database>, input: ListInbox, after: Position | null) => {
  const rows = selectRows(db, input)
    .where('c.queued_at', 'is not', null)
    .orderBy('c.queued_at')
    .orderBy('c.id');
  if (!after) return rows;
  return rows.where((eb) => eb(eb.refTuple('c.queued_at', 'c.id'), '>', eb.tuple(after.at, after.id)));
};

/** The newest activity first. */
const selectActive = (db: Kysely<Database>, input: ListInbox, after: Position | null) => {
  const all = selectRows(db, input).orderBy('c.updated_at', 'desc').orderBy('c.id', 'desc');
  const rows = input.view === 'mine' ? all.where('c.assignee_id', '=', input.agentId) : all;
  if (!after) return rows;
  return rows.where((eb) => eb(eb.refTuple('c.updated_at', 'c.id'), '<', eb.tuple(after.at, after.id)));
};

const countOpen = async (
  db: Kysely<Database>,
  { workspaceId, agentId }: ListInbox,
): Promise<InboxList['counts']> => {
  const row = await db
    .selectFrom('conversations')
    .select(({ fn }) => [
      fn.countAll<number>().as('all'),
      fn.countAll<number>().filterWhere('assignee_id', '=', agentId).as('mine'),
      fn.countAll<number>().filterWhere('queued_at', 'is not', null).as('waiting'),
    ])
    .where('workspace_id', '=', workspaceId)
    .where('status', '=', 'open')
    .where('joined_into', 'is', null)
    .executeTakeFirstOrThrow();
  return { all: Number(row.all), mine: Number(row.mine), waiting: Number(row.waiting) };
};

const positionOf = (row: SummaryRow, view: ListInbox['view']): Position => ({
  at: view === 'waiting' ? (row.queued_at ?? 0) : row.updated_at,
  id: row.id,
});

/**
 * A page of the inbox, and how many open conversations each view has.
 *
 * @throws ContinuoError `bad_request` when the cursor is not one of ours
 */
export const inboxList = async (rt: Runtime, db: Kysely<Database>, input: ListInbox): Promise<InboxList> => {
  const after = input.cursor === null ? null : readCursor(input.cursor);
  const select = input.view === 'waiting' ? selectWaiting : selectActive;
  const rows = await select(db, input, after).execute();
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  return {
    conversations: page.map((row) => toSummary(rt, row)),
    cursor: last ? writeCursor(positionOf(last, input.view)) : null,
    counts: await countOpen(db, input),
  };
};
