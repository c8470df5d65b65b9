import { hash } from 'node:crypto';

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

/** Begins a transaction that runs alone, on all nodes. */
export const BEGIN_ALONE = `BEGIN; SELECT pg_advisory_xact_lock(${ALL})`;

/** Begins a transaction that has these names for itself. */
export const beginWith = (keys: ReadonlySet<bigint>): string => {
  const sorted = [...keys].toSorted(compare).join(',');
  return `BEGIN; SELECT pg_advisory_xact_lock_shared(${ALL}); SELECT pg_advisory_xact_lock(k) FROM unnest('{${sorted}}'::int8[]) AS k`;
};
