import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import type { Tx } from '../store.ts';
import type { Outcome, Unit } from '../units.ts';
import { type Connection, isGone } from './connection.ts';
import type { createWrites } from './hot-path.ts';
import type { Job } from './job.ts';
import { BEGIN_ALONE, beginWith } from './locks.ts';

/** What a batch runs on: a connection, and what is prepared on it. */
export interface Session {
  connection: Connection;
  queries: Transaction<Database>;
  writes: ReturnType<typeof createWrites>;
}

/** A unit that threw. */
export interface Failure {
  unit: Unit;
  error: unknown;
}

export type Ending =
  /** Of failures nothing has stayed. */
  | { is: 'committed'; outcomes: Outcome[]; failures: Failure[] }
  /** Nothing of the batch has stayed. */
  | { is: 'undone'; error: unknown }
  /** The connection was lost while the commit was on its way: it may have happened or not. */
  | { is: 'unknown'; error: unknown };

interface Batch {
  jobs: readonly Job[];
  /** Told of each unit that is about to be committed. */
  onOutcome(outcome: Outcome): void;
}

/** A unit under way, and whether it has tried to change anything yet. */
interface Run extends Outcome {
  changed: boolean;
}

const current = new AsyncLocalStorage<Run>();

/** Told of each statement of a unit that may change something. */
export const noteChange = (): void => {
  const run = current.getStore();
  if (run) run.changed = true;
};

const createTx = ({ queries, writes }: Session, run: Run): Tx => ({
  db: queries,
  async append(conversationId, drafts, key) {
    run.changed = true;
    const events = await writes.append(conversationId, drafts, key);
    run.appended.push({ conversationId, events });
    return events;
  },
  findByClientId: writes.findByClientId,
  afterCommit: (effect) => run.effects.push(effect),
});

/** How the units of a batch ran, each in its place. */
interface Ran {
  outcomes: Outcome[];
  failures: Failure[];
  /** A unit threw when it had changed something. */
  spoilt: boolean;
}

const runUnit = async (session: Session, unit: Unit): Promise<{ run: Run; failure: Failure | null }> => {
  const run: Run = { unit, appended: [], effects: [], changed: false };
  try {
    await current.run(run, () => unit.run(createTx(session, run)));
    return { run, failure: null };
  } catch (error) {
    return { run, failure: { unit, error } };
  }
};

/** The name that units without a scope share. */
const EVERYTHING: readonly bigint[] = [0n];

/**
 * Runs units at the same time on one connection, so that they share its round trips; each after those before it that it
 * shares a name with.
 */
const runUnits = async (session: Session, jobs: readonly Job[]): Promise<Ran> => {
  const last = new Map<bigint, Promise<unknown>>();
  const ends = await Promise.all(
    jobs.map(({ unit, keys }) => {
      const names = keys ?? EVERYTHING;
      const end = Promise.all(names.map((name) => last.get(name))).then(() => runUnit(session, unit));
      for (const name of names) last.set(name, end);
      return end;
    }),
  );
  return {
    outcomes: ends.flatMap(({ run, failure }) => (failure ? [] : [run])),
    failures: ends.flatMap(({ failure }) => failure ?? []),
    spoilt: ends.some(({ run, failure }) => failure && run.changed),
  };
};

const beginOf = (jobs: readonly Job[]): string =>
  jobs.some(({ keys }) => keys === null)
    ? BEGIN_ALONE
    : beginWith(new Set(jobs.flatMap(({ keys }) => keys ?? [])));

const undo = async (
  { client, isLost }: Connection,
  { jobs }: Batch,
  failures: Failure[],
): Promise<Ending> => {
  if (!isLost()) await client.query('ROLLBACK');
  const error = failures[0]?.error ?? new Error('a unit went on after a query of it had failed');
  const [only] = jobs;
  if (!only || jobs.length > 1 || isLost() || isGone(error)) return { is: 'undone', error };
  // A lone unit undid nobody but itself.
  return { is: 'committed', outcomes: [], failures: [{ unit: only.unit, error }] };
};

const commit = async ({ client, isLost }: Connection, ran: Ran): Promise<Ending> => {
  try {
    const { command } = await client.query('COMMIT');
    // A transaction that was aborted ends a COMMIT without an error.
    if (command !== 'COMMIT') return { is: 'undone', error: new Error('the transaction was aborted') };
    return { is: 'committed', ...ran };
  } catch (error) {
    return isLost() || isGone(error) ? { is: 'unknown', error } : { is: 'undone', error };
  }
};

/**
 * Runs units inside one transaction. Where one of several units has to be
 * undone, all are, and the caller runs them again in smaller batches: savepoints instead would cost each unit two
 * statements, and make units wait for each other.
 */
export const runBatch = async (session: Session, batch: Batch): Promise<Ending> => {
  const { connection } = session;
  try {
    await connection.client.query(beginOf(batch.jobs));
    const ran = await runUnits(session, batch.jobs);
    const aborted = connection.client.getTransactionStatus() === 'E';
    if (ran.spoilt || aborted || connection.isLost()) return await undo(connection, batch, ran.failures);
    for (const outcome of ran.outcomes) batch.onOutcome(outcome);
    return await commit(connection, ran);
  } catch (error) {
    if (!connection.isLost()) await connection.client.query('ROLLBACK').catch(() => {});
    return { is: 'undone', error };
  }
};
