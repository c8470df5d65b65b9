import { findPostgresServer, TEST_SERVER } from '../../packages/server/src/storage/testing/postgres.ts';
import { compiled } from './compiled.ts';

/**
 * Before a test run: finds or starts the PostgreSQL that tests make their databases on, and tells the workers its
 * address. `DATABASE_URL` is taken out of their environment, or else servers under test would use it as theirs.
 */
export const setup = async (): Promise<() => Promise<void>> => {
  const server = await findPostgresServer(process.env);
  process.env[TEST_SERVER] = server.url;
  delete process.env.DATABASE_URL;
  Object.assign(process.env, compiled());
  return server.stop;
};
