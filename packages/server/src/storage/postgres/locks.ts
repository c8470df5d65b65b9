import { hash } from 'node:crypto';
import type { QueryConfig } from 'pg';

/*
 * What may not run at the same time is kept apart by advisory locks, held until the transaction's end. Each batch takes
 * all of its locks first and in one order, so that no two can wait for each other.
 */

/** The lock of everybody: shared by batches with a scope, exclusive for those without. */
const ALL = 4_914_305_162_671;

/** A scope's name as PostgreSQL's 64 bits. Two names that fall on one number only wait for each other needlessly. */
export const lockKey = (name: string): bigint =>
  BigInt.asIntN(64, BigInt(`0x${hash('sha256', name).slice(0, 16)}`));

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

/** Has this transaction run alone, on all nodes. */
export const LOCK_ALL = { name: 'lock_all', text: `SELECT pg_advisory_xact_lock(${ALL})` };

const LOCK_NAMES = `
  SELECT pg_advisory_xact_lock_shared(${ALL}), pg_advisory_xact_lock(key) FROM unnest($1::int8[]) AS key`;

/** Gives this transaction these names for itself. */
export const lockNames = (keys: ReadonlySet<bigint>): QueryConfig<unknown[]> => ({
  name: 'lock_names',
  text: LOCK_NAMES,
  values: [`{${[...keys].toSorted(compare).join(',')}}`],
});
