import type { Kysely } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { presenceKnownFrom } from './room.ts';

/** Someone for whom something is due. */
export interface Due {
  identityId: string;
  conversationId: string;
}

/** Deliveries looked after in one turn. */
const BATCH = 50;
/** How long a node may take to claim what it took. If it dies in between, others find it after this. */
const TAKE_MS = 5000;

/**
 * What is due that nothing keeps back. On a network messages keep their order: one that is under way, or waits for
 * another try, keeps back the later ones; one that waits for the web does not.
 */
const selectDue = (rt: Runtime, db: Kysely<Database>) => {
  const now = rt.now();
  return db
    .selectFrom('deliveries as d')
    .where('d.state', 'in', now < presenceKnownFrom(rt) ? ['pending'] : ['pending', 'held'])
    .where('d.next_at', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as e')
            .select('e.id')
            .whereRef('e.identity_id', '=', 'd.identity_id')
            .where(({ or, and, eb }) =>
              or([
                eb('e.state', '=', 'sending'),
                and([
                  eb('e.state', '=', 'pending'),
                  eb('e.next_at', '>', now),
                  or([
                    eb('e.created_at', '<', eb.ref('d.created_at')),
                    and([eb('e.created_at', '=', eb.ref('d.created_at')), eb('e.seq', '<', eb.ref('d.seq'))]),
                  ]),
                ]),
              ]),
            ),
        ),
      ),
    )
    .limit(BATCH);
};

/** Takes rows that no other node has taken or is taking right now. */
const takeShared = (rt: Runtime) =>
  rt.store.write(
    async ({ db }) => {
      const now = rt.now();
      const rows = await selectDue(rt, db)
        .select(['d.id', 'd.identity_id', 'd.conversation_id'])
        .where(({ or, eb }) => or([eb('d.taken_until', 'is', null), eb('d.taken_until', '<=', now)]))
        .orderBy('d.next_at')
        .forUpdate('d')
        .skipLocked()
        .execute();
      const ids = rows.map(({ id }) => id);
      if (ids.length > 0)
        await db
          .updateTable('deliveries')
          .set({ taken_until: now + TAKE_MS })
          .where('id', 'in', ids)
          .execute();
      return rows;
    },
    [`deliveries taken by ${rt.bus.nodeId}`],
  );

/** The only process on its database has nobody to share with. */
const takeAll = (rt: Runtime) =>
  selectDue(rt, rt.store.db).select(['d.identity_id', 'd.conversation_id']).distinct().execute();

/**
 * Who has something due, for this node to look after. On PostgreSQL several nodes look at the same time, and none waits
 * for another: what one has taken, the others pass over.
 *
 * @returns `more`: others are due, too many for one turn
 */
export const takeDue = async (rt: Runtime): Promise<{ due: Due[]; more: boolean }> => {
  const rows = rt.store.engine === 'postgres' ? await takeShared(rt) : await takeAll(rt);
  const due = new Map(
    rows.map((row) => [
      row.identity_id,
      { identityId: row.identity_id, conversationId: row.conversation_id },
    ]),
  );
  return { due: [...due.values()], more: rows.length === BATCH };
};

/** Whatever becomes of it: once it was looked at, it is anybody's again. */
export const release = async (rt: Pick<Runtime, 'store'>, tx: Tx, identityId: string): Promise<void> => {
  if (rt.store.engine !== 'postgres') return;
  await tx.db
    .updateTable('deliveries')
    .set({ taken_until: null })
    .where('identity_id', '=', identityId)
    .where('taken_until', 'is not', null)
    .execute();
};
