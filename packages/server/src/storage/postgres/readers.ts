import { Pool, type QueryArrayConfig, type QueryArrayResult, type QueryConfig, type QueryResult } from 'pg';
import { clientConfig, endInTime, isLoss, unavailable } from './connection.ts';

/** Milliseconds that a query outside a write may take. */
const QUERY_LIMIT = 30_000;

/** Connections that can only read. Where the server is away, queries throw ContinuoError `unavailable`. */
export interface Readers {
  query(config: QueryConfig<unknown[]>): Promise<QueryResult>;
  queryRows<R extends unknown[]>(config: QueryArrayConfig<unknown[]>): Promise<R[]>;
  close(): Promise<void>;
}

const orUnavailable = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw isLoss(error) ? unavailable('the database is away', error) : error;
  }
};

/** @param options.wait milliseconds to wait for a free connection */
export const openReaders = (url: string, { max, wait }: { max: number; wait: number }): Readers => {
  const pool = new Pool({
    ...clientConfig(url),
    connectionTimeoutMillis: wait,
    query_timeout: QUERY_LIMIT,
    // A plan made while the tables were small may be kept when they have grown: it must not read whole tables.
    options: '-c default_transaction_read_only=on -c enable_seqscan=off -c jit=off',
    max,
  });
  // Without a listener an error of an idle connection would end the process; the pool forgets the connection by itself.
  pool.on('error', () => {});
  return {
    query: (config) => orUnavailable(pool.query(config)),
    async queryRows<R extends unknown[]>(config: QueryArrayConfig<unknown[]>) {
      const { rows }: QueryArrayResult<R> = await orUnavailable(pool.query<R>(config));
      return rows;
    },
    close: () => endInTime(pool.end()),
  };
};
