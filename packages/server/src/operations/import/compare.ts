import { createHash } from 'node:crypto';
import type { Row, Table } from './target.ts';

/** What the comparison of a table found. */
export interface Comparison {
  table: string;
  rows: number;
  /** SHA-256 over all rows in the order of the key, hex: of the source, and of the target. */
  source: string;
  target: string;
  /** The first differences, in words. */
  differences: string[];
}

/** Differences that are told of a table: whoever sees some knows enough. */
const TOLD = 5;

/**
 * Walks through both sides at once, row by row.
 * @param source rows in the order of the key
 * @param target the same of the other side
 */
export async function compareTable(
  table: Table,
  source: Iterable<Row>,
  target: AsyncIterable<Row>,
): Promise<Comparison> {
  const [left, right] = [createHash('sha256'), createHash('sha256')];
  const differences: string[] = [];
  const tell = (words: string): void => {
    if (differences.length < TOLD) differences.push(`${table.name}: ${words}`);
  };
  let rows = 0;
  const expected = source[Symbol.iterator]();
  for await (const row of target) {
    right.update(JSON.stringify(row));
    const next = expected.next();
    if (next.done) {
      tell(`${nameOf(table, row)} is only in the target`);
      continue;
    }
    rows += 1;
    left.update(JSON.stringify(next.value));
    const column = table.columns.find((_, index) => next.value[index] !== row[index]);
    if (column !== undefined) tell(`${nameOf(table, next.value)} differs in ${column}`);
  }
  for (let next = expected.next(); !next.done; next = expected.next()) {
    rows += 1;
    left.update(JSON.stringify(next.value));
    tell(`${nameOf(table, next.value)} is only in the source`);
  }
  return { table: table.name, rows, source: left.digest('hex'), target: right.digest('hex'), differences };
}

/** A row by its key; of other columns nothing is told, because they may hold what people wrote. */
const nameOf = ({ columns, key }: Table, row: Row): string =>
  `the row ${key.map((column) => row[columns.indexOf(column)]).join(' / ')}`;
