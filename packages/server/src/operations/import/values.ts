import type { SQLOutputValue } from 'node:sqlite';
import { storable } from '../../storage/postgres/text.ts';
import { OperationError } from '../error.ts';

/** What a column of PostgreSQL holds, of the types that the tables use. */
export type ColumnType = 'text' | 'integer' | 'boolean' | 'time';

/** PostgreSQL's names of types (`information_schema.columns.udt_name`). */
const TYPES: Readonly<Record<string, ColumnType>> = {
  text: 'text',
  varchar: 'text',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  bool: 'boolean',
  timestamptz: 'time',
};

/** @throws OperationError naming a type that the import does not know */
export function typeOf(udtName: string): ColumnType {
  const type = TYPES[udtName];
  if (type === undefined) throw new OperationError([`The import does not know the type ${udtName}`]);
  return type;
}

/** How a value is written from, and read into, the one text that both engines are compared by. */
export const SQL: Readonly<Record<ColumnType, { from(text: string): string; to(column: string): string }>> = {
  text: { from: (text) => text, to: (column) => column },
  integer: { from: (text) => `${text}::bigint`, to: (column) => `${column}::text` },
  boolean: { from: (text) => `${text}::boolean`, to: (column) => `${column}::text` },
  time: {
    from: (text) => `'epoch'::timestamptz + ${text}::bigint * interval '1 millisecond'`,
    to: (column) => `(extract(epoch from ${column}) * 1000)::bigint::text`,
  },
};

/** A value of the embedded database as text; whole numbers in decimal, times in epoch milliseconds. */
export function toText(value: SQLOutputValue, type: ColumnType): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) throw new OperationError(['The import does not know binary values']);
  if (type === 'boolean') return toBoolean(String(value));
  if (type === 'time') return typeof value === 'string' ? toTime(value) : String(value);
  return storable(String(value));
}

/** How many characters of a value have to be replaced: PostgreSQL's text cannot hold U+0000. */
export const countReplaced = (value: SQLOutputValue): number =>
  typeof value === 'string' ? value.split('\0').length - 1 : 0;

function toBoolean(text: string): string {
  if (text === '0' || text === 'false') return 'false';
  if (text === '1' || text === 'true') return 'true';
  throw new OperationError([`${JSON.stringify(text)} is neither true nor false`]);
}

function toTime(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new OperationError([`${JSON.stringify(text)} is not a time`]);
  return String(time);
}
