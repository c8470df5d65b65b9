import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import type { Tx } from '../store.ts';
import type { Outcome, Unit } from '../units.ts';
import type { Writes } from './appends.ts';
import { type Connection, isGone } from './connection.ts';
import type { Job } from './job.ts';
import type { UnitQueries } from './kysely.ts';
import { LOCK_ALL, lockNames } from './locks.ts';
import type { Pipe } from './pipe.ts';

/** What a batch runs on: a connection, and what is prepared on it. */
export interface Session {
  connection: Connection;
  pipe: Pipe;
  queries: Transaction<Database>;
  writes: Writes;
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

/** A unit under way. */
interface Run extends Outcome {
  /** Resolves when the transaction has begun and has its locks. Reads may leave before; changes may not. */
  begun: Promise<void>;
  /** Whether it has tried to change anything yet. */
  changed: boolean;
  /** Whether it asks how many rows its changes met, and so waits for each. */
  counts: boolean;
}

const current = new AsyncLocalStorage<Run>();

/** Of the unit that calls: it wants to know how many rows its changes met. */
export const countRows = (): void => {
  const run = current.getStore();
  if (run) run.counts = true;
};

/** How the queries of units run on a connection. */
export const createUnitQueries = (pipe: Pipe): UnitQueries => ({
  run: pipe.query,
  async change() {
    const run = current.getStore();
    if (run) run.changed = true;
    await run?.begun;
  },
  async putOff(change) {
    if (current.getStore()?.counts !== false) return false;
    await pipe.putOff(change);
    return true;
  },
});

const createTx = ({ queries, writes }: Session, run: Run): Tx => ({
  db: queries,
  async append(conversationId, drafts, key) {
    run.changed = true;
    await run.begun;
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

const runUnit = async (
  session: Session,
  unit: Unit,
  begun: Promise<void>,
): Promise<{ run: Run; failure: Failure | null }> => {
  const run: Run = { unit, begun, appended: [], effects: [], changed: false, counts: false };
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
const runUnits = async (session: Session, jobs: readonly Job[], begun: Promise<void>): Promise<Ran> => {
  const last = new Map<bigint, Promise<unknown>>();
  const ends = await Promise.all(
    jobs.map(({ unit, keys }) => {
      const names = keys ?? EVERYTHING;
      const end = Promise.all(names.map((name) => last.get(name))).then(() => runUnit(session, unit, begun));
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

const begin = async ({ pipe, writes }: Session, jobs: readonly Job[], alone: boolean): Promise<void> => {
  pipe.begin();
  // Where a unit runs again, a head may not have been where it was foretold.
  writes.begin(jobs.every(({ runs }) => runs === 0));
  const lock = alone ? LOCK_ALL : lockNames(new Set(jobs.flatMap(({ keys }) => keys ?? [])));
  await Promise.all([pipe.query({ text: 'BEGIN' }), pipe.query(lock)]);
};

/** Where nothing of a batch has stayed. A lone unit undid nobody but itself. */
const undone = ({ isLost }: Connection, { jobs }: Batch, error: unknown): Ending => {
  const [only] = jobs;
  if (!only || jobs.length > 1 || isLost() || isGone(error)) return { is: 'undone', error };
  return { is: 'committed', outcomes: [], failures: [{ unit: only.unit, error }] };
};

/** Why PostgreSQL refused it. What a unit was told of and did not pass on is its own doing. */
const causeOf = async ({ pipe }: Session, failures: readonly Failure[]): Promise<unknown> => {
  const first = await pipe.failure();
  if (first && (first.unnoticed || failures.length > 0)) return first.error;
  return failures[0]?.error ?? new Error('a unit went on after a query of it had failed');
};

const undo = async (session: Session, batch: Batch, failures: readonly Failure[]): Promise<Ending> => {
  const { connection, pipe } = session;
  pipe.drop();
  if (!connection.isLost()) await connection.client.query('ROLLBACK');
  return undone(connection, batch, await causeOf(session, failures));
};

const commit = async (session: Session, batch: Batch, ran: Ran): Promise<Ending> => {
  const { connection, pipe } = session;
  try {
    const { command } = await pipe.query({ text: 'COMMIT' });
    if (command === 'COMMIT') return { is: 'committed', ...ran };
  } catch (error) {
    const unknown = connection.isLost() || isGone(error);
    return { is: unknown ? 'unknown' : 'undone', error };
  }
  // A transaction that was aborted ends a COMMIT without an error.
  return undone(connection, batch, await causeOf(session, ran.failures));
};

/**
 * Runs units inside one transaction. Its beginning and their first reads leave together, as do their last changes and the
 * commit. Where one of several units has to be undone, all are, and the caller runs them again in smaller batches:
 * savepoints instead would cost each unit two statements, and make units wait for each other.
 */
export const runBatch = async (session: Session, batch: Batch): Promise<Ending> => {
  const { connection } = session;
  try {
    const alone = batch.jobs.some(({ keys }) => keys === null);
    const begun = begin(session, batch.jobs, alone);
    // The units may end before it fails.
    begun.catch(() => {});
    if (alone) await begun;
    const ran = await runUnits(session, batch.jobs, begun);
    await begun;
    const aborted = connection.client.getTransactionStatus() === 'E';
    if (ran.spoilt || aborted || connection.isLost()) return await undo(session, batch, ran.failures);
    for (const outcome of ran.outcomes) batch.onOutcome(outcome);
    return await commit(session, batch, ran);
  } catch (error) {
    session.pipe.drop();
    if (!connection.isLost()) await connection.client.query('ROLLBACK').catch(() => {});
    return { is: 'undone', error };
  }
};
