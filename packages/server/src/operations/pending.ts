import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { getMigrations } from 'better-auth/db/migration';
import { type Dialect, Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { ACCOUNT_TABLES } from '../agents/accounts.ts';
import type { Config } from '../config/config.ts';
import { migrations } from '../storage/migrations/index.ts';
import { clientConfig } from '../storage/postgres/connection.ts';
import type { Database } from '../storage/schema.ts';
import { createReaderDialect } from '../storage/sqlite/kysely.ts';
import { OperationError } from './error.ts';
import { databasePath } from './paths.ts';

type Engine = 'sqlite' | 'postgres';

interface Place {
  dialect: Dialect;
  engine: Engine;
  close(): Promise<void>;
}

/** What would be done to bring a database up to date. */
export interface Pending {
  /** Names of migrations that have not run, in the order of running. */
  migrations: string[];
  /** Tables of the accounts library that are missing, or miss columns. */
  accountTables: string[];
}

/**
 * Looks at a database without changing anything in it.
 * @throws OperationError when it is newer than this server
 */
export async function findPending({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Pending> {
  const place = databaseUrl === null ? openEmbedded(databasePath(dataDir)) : openPostgres(databaseUrl);
  const db = new Kysely<Database & MigrationTable>({ dialect: place.dialect });
  try {
    const ran = await namesOfRan(db);
    const unknown = ran.filter((name) => !(name in migrations));
    if (unknown.length > 0)
      throw new OperationError([`The database is newer than this server: ${unknown.join(', ')} ran on it`]);
    const pending = Object.keys(migrations).filter((name) => !ran.includes(name));
    return { migrations: pending.sort(), accountTables: await missingAccountTables(db, place.engine) };
  } finally {
    await place.close();
  }
}

/** Kysely's own record of what ran. */
interface MigrationTable {
  kysely_migration: { name: string };
}

async function namesOfRan(db: Kysely<Database & MigrationTable>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const rows = await db.selectFrom('kysely_migration').select('name').orderBy('name').execute();
  return rows.map(({ name }) => name);
}

async function missingAccountTables(db: Kysely<Database & MigrationTable>, type: Engine): Promise<string[]> {
  const { toBeCreated, toBeAdded } = await getMigrations({ ...ACCOUNT_TABLES, database: { db, type } });
  return [...toBeCreated, ...toBeAdded].map(({ table }) => table);
}

/** In memory where there is no file: looking must not make one. */
function openEmbedded(path: string): Place {
  const db = existsSync(path)
    ? new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    : new DatabaseSync(':memory:');
  return { dialect: createReaderDialect(db), engine: 'sqlite', close: async () => db.close() };
}

function openPostgres(url: string): Place {
  const pool = new Pool({ ...clientConfig(url), max: 1 });
  pool.on('error', () => {});
  return { dialect: new PostgresDialect({ pool }), engine: 'postgres', close: () => pool.end() };
}
