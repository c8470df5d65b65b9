import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

type Row = Record<string, unknown>;

/** A server's database, from outside the server. */
export interface Outside {
  /** Asks, or changes something. `?` stands for a value. */
  rows(sql: string, ...values: (string | number)[]): Promise<Row[]>;
  /** Keeps the servers from writing down anything about deliveries. */
  lock(): Promise<void>;
  /** Whatever servers that were killed had asked for until now has no effect. */
  unlock(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds to wait for a server's transaction. */
const BUSY_TIMEOUT = 20_000;

export const openOutsideSqlite = (dataDir: string): Outside => {
  const db = new DatabaseSync(join(dataDir, 'continuo.db'), { timeout: BUSY_TIMEOUT });
  return {
    rows: async (sql, ...values) => db.prepare(sql).all(...values),
    lock: async () => db.exec('BEGIN IMMEDIATE'),
    unlock: async () => db.exec('ROLLBACK'),
    close: async () => db.close(),
  };
};

export const openOutsidePostgres = async (url: string): Promise<Outside> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const numbered = (sql: string): string => {
    let count = 0;
    return sql.replaceAll('?', () => `$${++count}`);
  };
  return {
    rows: async (sql, ...values) => (await client.query<Row>(numbered(sql), values)).rows,
    lock: async () => void (await client.query('BEGIN; LOCK TABLE deliveries IN EXCLUSIVE MODE')),
    async unlock() {
      // PostgreSQL carries out what it has in its hands, also for a client that is gone.
      await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await client.query('ROLLBACK');
    },
    close: () => client.end(),
  };
};
