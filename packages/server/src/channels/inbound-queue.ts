import type { Kysely, Selectable } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { Database, InboundTable } from '../storage/schema.ts';
import { choreScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';

export type InboundRow = Selectable<InboundTable>;

/** How long what is done is kept to know repetitions by: longer than any network repeats (WhatsApp, 7 days). */
const KEEP_MS = 8 * 86_400_000;

/** How long a node may take to work on what it took. If it dies in between, others find it after this. */
const TAKE_MS = 15_000;

/**
 * For each customer the first event that is not done, if it is due. One that was put off keeps nobody's next one back
 * until it is due again. One that failed does, and so does a new one, whatever a node's clock says of it.
 */
const selectHeads = (rt: Runtime, db: Kysely<Database>, limit: number) =>
  db
    .selectFrom('inbound as i')
    .selectAll('i')
    .where('i.processed_at', 'is', null)
    .where('i.next_at', '<=', rt.now())
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inbound as e')
            .select('e.id')
            .whereRef('e.channel_id', '=', 'i.channel_id')
            .whereRef('e.sender', '=', 'i.sender')
            .where('e.processed_at', 'is', null)
            .whereRef('e.id', '<', 'i.id')
            .where(({ or, eb }) =>
              or([
                eb('e.next_at', '<=', rt.now()),
                eb('e.next_at', '<=', eb.ref('e.received_at')),
                eb('e.error', 'is not', null),
              ]),
            ),
        ),
      ),
    )
    .orderBy('i.id')
    .limit(limit);

/** Chooses those that can be worked on now. */
type Choose = (rows: InboundRow[]) => InboundRow[];

const takeShared = (rt: Runtime, limit: number, choose: Choose): Promise<InboundRow[]> =>
  rt.store.write(
    async ({ db }) => {
      const now = rt.now();
      const heads = await selectHeads(rt, db, limit)
        .where(({ or, eb }) => or([eb('i.taken_until', 'is', null), eb('i.taken_until', '<=', now)]))
        .forUpdate('i')
        .skipLocked()
        .execute();
      const rows = choose(heads);
      const ids = rows.map(({ id }) => id);
      if (ids.length > 0)
        await db
          .updateTable('inbound')
          .set({ taken_until: now + TAKE_MS })
          .where('id', 'in', ids)
          .execute();
      return rows;
    },
    [`inbound taken by ${rt.bus.nodeId}`],
  );

/**
 * For each customer the first event that is not done and not put off, if it is due, and then those of them that are
 * chosen. On PostgreSQL several nodes look at the same time, and none waits for another: what one has taken, the others
 * pass over. Only what is chosen is taken, for what nobody works on would be kept from all.
 */
export const takeHeads = async (rt: Runtime, limit: number, choose: Choose): Promise<InboundRow[]> => {
  if (rt.store.engine === 'postgres') return takeShared(rt, limit, choose);
  return choose(await selectHeads(rt, rt.store.db, limit).execute());
};

/** What changes in an event that is put off for so long (ms): it is looked at again then, and others go first. */
export const putOff = (rt: Runtime, row: InboundRow, ms: number) => ({
  // Later than it came in, also where another node took it in by a clock that is ahead.
  next_at: Math.max(rt.now(), row.received_at) + ms,
  error: null,
});

/** Whether an event that came in before this one from the same customer was put off. */
export const isAfterPutOff = async (
  { db }: Tx,
  row: Pick<InboundRow, 'id' | 'channel_id' | 'sender'>,
): Promise<boolean> => {
  const before = await db
    .selectFrom('inbound')
    .select('id')
    .where('channel_id', '=', row.channel_id)
    .where('sender', '=', row.sender)
    .where('processed_at', 'is', null)
    .where('id', '<', row.id)
    .limit(1)
    .executeTakeFirst();
  return before !== undefined;
};

/** When an event that was not due at `since` is due next, epoch ms; null when none waits. */
export const nextDue = async (rt: Runtime, since: number): Promise<number | null> => {
  const row = await rt.store.db
    .selectFrom('inbound')
    .select(({ fn }) => fn.min('next_at').as('at'))
    .where('processed_at', 'is', null)
    .where('next_at', '>', since)
    .executeTakeFirst();
  return row?.at ?? null;
};

/** Forgets old events that were worked on. Those that were given up stay, with their error. */
export const purgeDone = async (rt: Runtime): Promise<void> => {
  const before = rt.now() - KEEP_MS;
  await rt.store.write(async (tx) => {
    await tx.db.deleteFrom('inbound').where('processed_at', '<', before).where('error', 'is', null).execute();
  }, choreScope('forget what came in'));
};
