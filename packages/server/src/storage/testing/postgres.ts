import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { answers, type PostgresServer, startPostgresServer } from './postgres-server.ts';

/** An empty database of one's own. */
export interface TestDatabase {
  url: string;
  /** Ends whatever is connected to it, and removes it. */
  drop(): Promise<void>;
}

/**
 * Set for a whole test run by its setup: the server that tests make their databases on. It has a name of its own
 * because servers under test read `DATABASE_URL`.
 */
export const TEST_SERVER = 'CONTINUO_TEST_DATABASE_URL';

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';

/**
 * A server for tests: the one at `DATABASE_URL`, else the local one, else one that is started for the purpose.
 *
 * @throws Error when `DATABASE_URL` names a server that does not answer: silently testing on another would mislead
 */
export const findPostgresServer = async (env: NodeJS.ProcessEnv): Promise<PostgresServer> => {
  const own = { stop: async () => {} };
  if (env[TEST_SERVER]) return { ...own, url: env[TEST_SERVER] };
  if (env.DATABASE_URL) {
    if (await answers(env.DATABASE_URL)) return { ...own, url: env.DATABASE_URL };
    throw new Error('the server at DATABASE_URL does not answer');
  }
  const local = env.CONTINUO_TEST_LOCAL_URL ?? LOCAL;
  return (await answers(local)) ? { ...own, url: local } : startPostgresServer();
};

let found: Promise<PostgresServer> | null = null;

const administer = async (url: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

/**
 * Makes an empty database on the server for tests.
 *
 * @param options.language a language (`en`) whose order the database sorts text in. @default the server's order
 */
export const createTestDatabase = async (options: { language?: string } = {}): Promise<TestDatabase> => {
  found ??= findPostgresServer(process.env);
  const server = await found;
  const name = `continuo_test_${randomUUID().replaceAll('-', '')}`;
  const order = options.language ? ` LOCALE_PROVIDER icu ICU_LOCALE '${options.language}' ENCODING UTF8` : '';
  await administer(server.url, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0${order}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(server.url, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  };
};
