import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { OperationError } from '../error.ts';

/** A table of the embedded database. */
export interface SourceTable {
  name: string;
  columns: readonly string[];
  /** The columns of its primary key; all columns where there is none. */
  key: readonly string[];
}

/** Tables by which Kysely knows what ran: the target has its own. */
const OWN_TO_ENGINE = ['kysely_migration', 'kysely_migration_lock'];

const NAMES = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;

/** SQL for a name, in both engines. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Every table, those that others refer to first. */
export function readTables(db: DatabaseSync): SourceTable[] {
  const names = db
    .prepare(NAMES)
    .all()
    .map(({ name }) => String(name));
  const tables = names.filter((name) => !OWN_TO_ENGINE.includes(name)).map((name) => readTable(db, name));
  const sorted: SourceTable[] = [];
  const visit = (table: SourceTable, path: readonly string[]): void => {
    if (sorted.includes(table) || path.includes(table.name)) return;
    for (const name of referredBy(db, table.name)) {
      const other = tables.find((candidate) => candidate.name === name);
      if (other) visit(other, [...path, table.name]);
    }
    sorted.push(table);
  };
  for (const table of tables) visit(table, []);
  return sorted;
}

function readTable(db: DatabaseSync, name: string): SourceTable {
  const rows = db.prepare(`PRAGMA table_info(${quote(name)})`).all();
  const columns = rows.map((row) => String(row.name));
  const key = rows
    .filter((row) => Number(row.pk) > 0)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map((row) => String(row.name));
  return { name, columns, key: key.length > 0 ? key : columns };
}

const referredBy = (db: DatabaseSync, name: string): string[] =>
  db
    .prepare(`PRAGMA foreign_key_list(${quote(name)})`)
    .all()
    .map(({ table }) => String(table));

/** A row, a value a column, as the engine gives it; whole numbers as `bigint`, so that none is rounded. */
export type SourceRow = readonly SQLOutputValue[];

/** A table's rows in the order of its key: that of the bytes of UTF-8. */
export function* readRows(db: DatabaseSync, table: SourceTable): Generator<SourceRow> {
  const columns = table.columns.map(quote).join(', ');
  const statement = db.prepare(
    `SELECT ${columns} FROM ${quote(table.name)} ORDER BY ${table.key.map(quote).join(', ')}`,
  );
  statement.setReadBigInts(true);
  for (const row of statement.iterate()) yield table.columns.map((column) => readValue(row, column));
}

function readValue(row: Record<string, SQLOutputValue>, column: string): SQLOutputValue {
  const value = row[column];
  if (value === undefined) throw new OperationError([`The column ${column} gave no value`]);
  return value;
}
