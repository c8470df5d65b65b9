import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { findPostgresServer } from '../../packages/server/src/storage/testing/postgres.ts';
import { cpuOfFamily } from './processes.ts';

/** A PostgreSQL for the run. */
export interface Postgres {
  /** `15.20` */
  version: string;
  /** What an acknowledged commit is worth there: `fsync` and `synchronous_commit`, as set. */
  durable: boolean;
  /** Makes an empty database. @returns its URL */
  createDatabase(name: string): Promise<string>;
  /** Processor time of all its processes, microseconds; null where they cannot be seen, as on another machine. */
  cpu(): number | null;
  /** Drops what was made. */
  close(): Promise<void>;
}

/** Process id of the server: the parent of the process that serves this connection, if it runs on this machine. */
const findServer = async (client: pg.Client): Promise<number | null> => {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  try {
    const stat = await readFile(`/proc/${Number(rows[0].pid)}/stat`, 'utf8');
    return stat.includes('(postgres)') ? Number(stat.replace(/^.*\) /s, '').split(' ')[1]) : null;
  } catch {
    return null;
  }
};

/** The one at `DATABASE_URL`, else the local one, else one that npm brings. */
export const openPostgres = async (env: NodeJS.ProcessEnv): Promise<Postgres> => {
  const server = await findPostgresServer(env);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const setting = async (name: string): Promise<string> => {
    const { rows } = await client.query(`select current_setting('${name}') as value`);
    return String(rows[0].value);
  };
  const [version = ''] = (await setting('server_version')).split(' ');
  const durable = (await setting('fsync')) === 'on' && (await setting('synchronous_commit')) !== 'off';
  const serverPid = await findServer(client);
  const made: string[] = [];
  return {
    version,
    durable,
    async createDatabase(name) {
      const database = `continuo_bench_${process.pid}_${name}`;
      await client.query(`create database ${database}`);
      made.push(database);
      const url = new URL(server.url);
      url.pathname = `/${database}`;
      return url.href;
    },
    cpu: () => (serverPid === null ? null : cpuOfFamily(serverPid)),
    async close() {
      for (const database of made) await client.query(`drop database if exists ${database} with (force)`);
      await client.end();
      await server.stop();
    },
  };
};
