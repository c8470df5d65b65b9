import { type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Database } from '../schema.ts';

type ColumnType = Parameters<CreateTableBuilder<string>['addColumn']>[1];

/** Types of columns that the engines call differently. */
export interface ColumnTypes {
  /** Compared and sorted by its bytes: as SQLite does, and JavaScript for ids, whatever language the database speaks. */
  text: ColumnType;
  /** Counts up by itself. */
  serial: ColumnType;
}

export const columnTypesOf = (db: Kysely<Database>): ColumnTypes =>
  db.getExecutor().adapter instanceof PostgresAdapter
    ? { text: sql`text collate "C"`, serial: 'bigserial' }
    : { text: 'text', serial: 'integer' };
