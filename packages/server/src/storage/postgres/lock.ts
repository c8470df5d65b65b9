import { clientConfig, connect } from './connection.ts';
import { lockKey } from './locks.ts';

/** Milliseconds to wait for a database that is away. */
const CONNECT_LIMIT = 10_000;

/**
 * Runs `work` while no other node runs what has the same name. For what is no unit of work: a library that brings its
 * own tables.
 *
 * @throws ContinuoError `unavailable` when there is no server
 */
export const runAlone = async <T>(url: string, name: string, work: () => Promise<T>): Promise<T> => {
  const { client } = await connect(clientConfig(url), performance.now() + CONNECT_LIMIT);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey(name)]);
    return await work();
  } finally {
    await client.end();
  }
};
