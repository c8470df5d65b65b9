import type { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { checkDatabase, openAlone, requireDatabase } from '../database.ts';
import { OperationError } from '../error.ts';
import { databasePath } from '../paths.ts';
import { type Comparison, compareTable } from './compare.ts';
import { readRows, readTables } from './source.ts';
import {
  createInsert,
  matchTables,
  moveSequences,
  type Row,
  readTarget,
  requireEmpty,
  type Table,
} from './target.ts';
import { countReplaced, toText } from './values.ts';

export interface ImportOptions {
  /** The embedded deployment's data folder. */
  dataDir: string;
  /** `postgres://…` */
  url: string;
  /** Brings the tables of a database up to date, on either engine. Called for the source and the target. */
  prepare: (side: 'source' | 'target') => Promise<void>;
  /** Told of each table once it was compared. */
  onTable?: (comparison: Comparison) => void;
  /** Told of each table once it was copied. */
  onCopied?: (table: string, rows: number) => void;
}

export interface Imported {
  tables: Comparison[];
  /** Characters U+0000, which PostgreSQL's text cannot hold: replaced by U+FFFD. */
  replaced: number;
}

/**
 * Moves an embedded deployment to PostgreSQL: copies every row in one transaction, compares every row of both sides,
 * and commits only where all are the same. The source stays as it is, and nobody can open it meanwhile.
 * @throws OperationError when a server runs on the source, it is damaged, the target is not empty, or they differ
 */
export async function importToPostgres(options: ImportOptions): Promise<Imported> {
  const path = databasePath(options.dataDir);
  requireDatabase(path);
  openAlone(path).close();
  await options.prepare('source');
  const source = openAlone(path);
  try {
    checkDatabase(source, path);
    await options.prepare('target');
    return await inTransaction(options.url, (client) => copyAndCompare(source, client, options));
  } finally {
    source.close();
  }
}

/** Copying takes as long as it takes; waiting for somebody who uses the target does not. */
const NO_LIMITS = `
  SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '10s'`;

async function inTransaction<T>(url: string, act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // Its next query says the same, where somebody waits for it.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(NO_LIMITS);
    const result = await act(client);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return result;
  } finally {
    // Ends the transaction too, where it was not committed.
    await client.end();
  }
}

async function copyAndCompare(
  source: DatabaseSync,
  client: Client,
  { onTable, onCopied }: ImportOptions,
): Promise<Imported> {
  const tables = await matchTables(client, readTables(source));
  await requireEmpty(client, tables);
  let replaced = 0;
  for (const table of tables) {
    const copied = await copyTable(source, client, table);
    replaced += copied.replaced;
    onCopied?.(table.name, copied.rows);
  }
  await moveSequences(client, tables);
  const comparisons: Comparison[] = [];
  for (const table of tables) {
    const comparison = await compareTable(table, textsOf(source, table), readTarget(client, table));
    comparisons.push(comparison);
    onTable?.(comparison);
  }
  const wrong = comparisons.filter((comparison) => comparison.source !== comparison.target);
  if (wrong.length > 0) {
    const lines = wrong.flatMap(({ differences }) => differences);
    throw new OperationError(['The copy is not the same, so nothing was imported:', ...lines]);
  }
  return { tables: comparisons, replaced };
}

/** Rows of one insert, and characters after which it is sent though it has fewer. */
const PAGE = { rows: 500, characters: 4_000_000 } as const;

async function copyTable(source: DatabaseSync, client: Client, table: Table) {
  const insert = createInsert(client, table);
  let page: Row[] = [];
  let characters = 0;
  let rows = 0;
  let replaced = 0;
  const flush = async (): Promise<void> => {
    if (page.length > 0) await insert(page);
    page = [];
    characters = 0;
  };
  for (const values of readRows(source, table)) {
    for (const value of values) replaced += countReplaced(value);
    const row = values.map((value, index) => toText(value, table.types[index] ?? 'text'));
    page.push(row);
    rows += 1;
    for (const text of row) characters += text?.length ?? 0;
    if (page.length >= PAGE.rows || characters >= PAGE.characters) await flush();
  }
  await flush();
  return { rows, replaced };
}

function* textsOf(source: DatabaseSync, table: Table): Generator<Row> {
  for (const values of readRows(source, table)) {
    yield values.map((value, index) => toText(value, table.types[index] ?? 'text'));
  }
}
