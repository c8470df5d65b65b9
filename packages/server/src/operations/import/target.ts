import type { Client } from 'pg';
import { OperationError } from '../error.ts';
import { quote, type SourceTable } from './source.ts';
import { type ColumnType, SQL, typeOf } from './values.ts';

/** A table that both engines have, with the types that its columns have in PostgreSQL. */
export interface Table extends SourceTable {
  types: readonly ColumnType[];
}

/** A row as text, a value a column. */
export type Row = readonly (string | null)[];

const COLUMNS = `
  SELECT table_name, column_name, udt_name FROM information_schema.columns
  WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`;

/**
 * Finds the tables in the target, and that their columns are the same.
 * @throws OperationError naming what is missing on either side
 */
export async function matchTables(client: Client, sources: readonly SourceTable[]): Promise<Table[]> {
  const { rows } = await client.query<{ table_name: string; column_name: string; udt_name: string }>(COLUMNS);
  const found = Map.groupBy(rows, ({ table_name }) => table_name);
  const problems: string[] = [];
  const tables = sources.map((source) => {
    const columns = found.get(source.name) ?? [];
    const names = new Map(columns.map(({ column_name, udt_name }) => [column_name, udt_name]));
    const extra = [...names.keys()].filter((name) => !source.columns.includes(name));
    const absent = source.columns.filter((name) => !names.has(name));
    for (const name of absent) problems.push(`${source.name}.${name} is missing in the target`);
    for (const name of extra) problems.push(`${source.name}.${name} is missing in the source`);
    return {
      ...source,
      types: absent.length > 0 ? [] : source.columns.map((name) => typeOf(names.get(name) ?? '')),
    };
  });
  if (problems.length > 0)
    throw new OperationError(['The two databases have different tables:', ...problems]);
  return tables;
}

/** Keeps servers out until the transaction ends. @throws OperationError when some table has rows, or the text is not UTF-8 */
export async function requireEmpty(client: Client, tables: readonly Table[]): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding !== 'UTF8')
    throw new OperationError([`The target keeps text as ${encoding}: make it with ENCODING 'UTF8'`]);
  await client.query(
    `LOCK TABLE ${tables.map(({ name }) => quote(name)).join(', ')} IN ACCESS EXCLUSIVE MODE`,
  );
  const full: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${quote(name)} LIMIT 1`);
    if (rowCount !== 0) full.push(name);
  }
  if (full.length > 0)
    throw new OperationError([`The target is not empty: it has rows in ${full.join(', ')}`]);
}

/** @returns a function that inserts rows, each of which has a text a column */
export const createInsert = (client: Client, { name, columns, types }: Table) => {
  const parameters = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const values = types.map((type, index) => SQL[type].from(`c${index}`)).join(', ');
  const aliases = columns.map((_, index) => `c${index}`).join(', ');
  const statement = `INSERT INTO ${quote(name)} (${columns.map(quote).join(', ')})
    SELECT ${values} FROM unnest(${parameters}) AS rows(${aliases})`;
  return async (rows: readonly Row[]): Promise<void> => {
    await client.query(
      statement,
      columns.map((_, index) => rows.map((row) => row[index] ?? null)),
    );
  };
};

/** Rows fetched at a time. */
const FETCHED = 1000;

/** A table's rows in the order of its key, by the bytes of UTF-8 whatever the database's language. Needs a transaction. */
export async function* readTarget(client: Client, { name, columns, types, key }: Table): AsyncGenerator<Row> {
  const values = columns.map((column, index) => SQL[types[index] ?? 'text'].to(quote(column))).join(', ');
  // With the table's name: a bare one would mean the column of the result, which is text.
  const order = key
    .map((column) => ({ column, at: `${quote(name)}.${quote(column)}` }))
    .map(({ column, at }) => (types[columns.indexOf(column)] === 'text' ? `${at} COLLATE "C"` : at))
    .join(', ');
  await client.query(
    `DECLARE rows_of_target NO SCROLL CURSOR FOR SELECT ${values} FROM ${quote(name)} ORDER BY ${order}`,
  );
  try {
    for (;;) {
      const text = `FETCH ${FETCHED} FROM rows_of_target`;
      const { rows } = await client.query<(string | null)[]>({ text, rowMode: 'array' });
      yield* rows;
      if (rows.length < FETCHED) return;
    }
  } finally {
    await client.query('CLOSE rows_of_target');
  }
}

/** Sets the sequences to go on behind the highest numbers. */
export async function moveSequences(client: Client, tables: readonly Table[]): Promise<void> {
  for (const { name, columns, types } of tables) {
    for (const column of columns.filter((_, index) => types[index] === 'integer')) {
      await client.query(
        `SELECT setval(sequence, highest) FROM
           (SELECT pg_get_serial_sequence($1, $2) AS sequence, max(${quote(column)}) AS highest FROM ${quote(name)}) AS found
         WHERE sequence IS NOT NULL AND highest IS NOT NULL`,
        [quote(name), column],
      );
    }
  }
}
