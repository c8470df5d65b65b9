import type { Unit } from '../units.ts';
import type { Failure } from './commit.ts';
import { isStaleError, sqlState, unavailable } from './connection.ts';

/** Units in one batch, so that the first of a flood does not wait for all of it. */
const MAX_UNITS = 128;

/**
 * Names in one batch. Each is a lock, and a server with its defaults has room for 6,400: 64 for each of 100 connections
 * (postgresql.org/docs/current/runtime-config-locks.html). A node has 8 connections and 3 of them take locks.
 */
const MAX_NAMES = 128;

/** How often a unit is run that meets other transactions. */
const MAX_RUNS = 4;

/**
 * SQLSTATE of what another transaction caused: a serialization failure, a deadlock, a unique row that it made first, a
 * statement that was prepared before a migration, a head that was not where it was foretold. When the unit runs again, it
 * finds what the other has left.
 */
const COLLISIONS = new Set(['40001', '40P01', '23505', '0A000', '22012']);

/** The connection has to be made anew. */
export const isStale = ({ error }: Failure): boolean => isStaleError(error);

/** A unit in a lane. */
export interface Job {
  unit: Unit;
  /** Null: it runs alone. */
  keys: readonly bigint[] | null;
  /** Until when it is worth trying, of `performance.now()`. */
  deadline: number;
  /** How often it was run in a batch of its own. */
  runs: number;
}

/** How many of the waiting jobs fit into one batch. */
export const take = (queue: readonly Job[]): number => {
  const names = new Set<bigint>();
  const end = queue.findIndex(({ keys }, index) => {
    for (const key of keys ?? []) names.add(key);
    return index > 0 && (index === MAX_UNITS || names.size > MAX_NAMES);
  });
  return end === -1 ? queue.length : end;
};

/** Tells the callers of units that threw; returns those to run again. */
export const settleFailures = (jobs: readonly Job[], failures: readonly Failure[]): Job[] => {
  const errors = new Map(failures.map(({ unit, error }) => [unit, error]));
  return jobs.filter(({ unit, runs }) => {
    if (!errors.has(unit)) return false;
    const error = errors.get(unit);
    if (runs < MAX_RUNS && COLLISIONS.has(sqlState(error) ?? '')) return true;
    unit.reject(error);
    return false;
  });
};

/** After a batch of which nothing has stayed: tells the callers whose time is over; returns those to run again. */
export const settleUndone = (jobs: readonly Job[], error: unknown): Job[] =>
  jobs.filter(({ unit, deadline, runs }) => {
    if (runs < MAX_RUNS && performance.now() < deadline) return true;
    unit.reject(unavailable('the transaction was not committed', error));
    return false;
  });
