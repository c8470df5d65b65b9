import type { Accounts } from '../agents/accounts.ts';
import { eraseNextDue } from '../customers/erase.ts';
import { createWorkLoop, type Worker } from '../deliveries/work-loop.ts';
import { forgetUploads } from '../files/forget.ts';
import { forgetUsed } from '../identity/use-once.ts';
import type { Runtime } from '../runtime.ts';
import { choreScope } from '../storage/scopes.ts';

const HOUR_MS = 3_600_000;
/** Ended sessions are kept this long: a device that comes back is told that its session ended, not that there was none. */
const KEEP_MS = 30 * 24 * HOUR_MS;
/** Rows deleted in one unit of work, so that no other write waits long. */
const BATCH = 500;

/** @returns whether more may be left */
const forgetSessions = (rt: Runtime): Promise<boolean> =>
  rt.store.write(async ({ db }) => {
    const { numDeletedRows } = await db
      .deleteFrom('sessions')
      .where('id', 'in', (old) =>
        old
          .selectFrom('sessions')
          .select('id')
          .where('expires_at', '<', rt.now() - KEEP_MS)
          .limit(BATCH),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows) === BATCH;
  }, choreScope('forget sessions'));

/**
 * Once an hour deletes what is of no use any more: sessions of customers' devices 30 days after their end, uploads that
 * no message took within a day, log-in tokens that ran out, and agents' sessions at their end; and erases customers who asked for it a day ago.
 * (What came in from networks is looked after by the worker that works on it.)
 */
export const createHousekeeping = (rt: Runtime, accounts: Pick<Accounts, 'forgetEnded'>): Worker => {
  let dueAt = 0;
  return createWorkLoop(rt, {
    name: 'housekeeping',
    async turn() {
      if (rt.now() < dueAt) return dueAt;
      if (await forgetSessions(rt)) return rt.now();
      if (await forgetUploads(rt)) return rt.now();
      if (await forgetUsed(rt)) return rt.now();
      await accounts.forgetEnded();
      if (await eraseNextDue(rt)) return rt.now();
      dueAt = rt.now() + HOUR_MS;
      return dueAt;
    },
    idle: async () => {},
  });
};
