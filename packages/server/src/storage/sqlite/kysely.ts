import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** Prepared statements kept a connection; beyond it the oldest goes. The server's own queries are about 100. */
const KEPT_STATEMENTS = 500;

const isInput = (value: unknown): value is SQLInputValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  ArrayBuffer.isView(value);

export const toInput = (value: unknown): SQLInputValue => {
  if (isInput(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}`);
};

/** `node:sqlite` with the face that Kysely's SQLite driver expects, which is better-sqlite3's. */
const toKyselyDatabase = (db: DatabaseSync): SqliteDatabase => {
  const kept = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const statement = db.prepare(sql);
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...parameters.map(toInput)),
      run: (parameters) => statement.run(...parameters.map(toInput)),
      iterate: (parameters) => statement.iterate(...parameters.map(toInput)),
    };
  };
  return {
    close: () => db.close(),
    prepare(sql) {
      const known = kept.get(sql);
      if (known) return known;
      const statement = prepare(sql);
      const oldest = kept.size >= KEPT_STATEMENTS ? kept.keys().next() : null;
      if (oldest?.value !== undefined) kept.delete(oldest.value);
      kept.set(sql, statement);
      return statement;
    },
  };
};

/** For queries outside a write. */
export const createReaderDialect = (db: DatabaseSync): Dialect =>
  new SqliteDialect({ database: toKyselyDatabase(db) });

/** Takes the write lock at the start, so that processes that start at once migrate one after the other. */
class MigrationDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('BEGIN IMMEDIATE'));
  }
}

/** SQLite undoes DDL with its transaction, though Kysely's own adapter makes no use of it. */
class MigrationAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class MigrationDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new MigrationDriver({ database: this.#database });
  }

  override createAdapter(): SqliteAdapter {
    return new MigrationAdapter();
  }
}

export const createMigrationDialect = (db: DatabaseSync): Dialect =>
  new MigrationDialect(toKyselyDatabase(db));

/** The group commit begins and ends transactions; Kysely only runs its queries in the one that is open. */
class UnitDriver extends SqliteDriver {
  override async beginTransaction(): Promise<void> {}
  override async commitTransaction(): Promise<void> {}
  override async rollbackTransaction(): Promise<void> {}
}

class UnitDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new UnitDriver({ database: this.#database });
  }
}

/** For queries inside units of work: one Kysely transaction, kept for the store's life, stands for whichever unit runs. */
export const createUnitDialect = (db: DatabaseSync): Dialect => new UnitDialect(toKyselyDatabase(db));
