import { setTimeout } from 'node:timers/promises';
import { Client, type ClientConfig, DatabaseError, types } from 'pg';
import { ContinuoError } from '../../errors.ts';

/** PostgreSQL's ids of the types `int8` and `numeric`, which JavaScript's numbers hold as far as this project counts. */
const NUMBERS: readonly number[] = [types.builtins.INT8, types.builtins.NUMERIC];

/** Milliseconds to wait for a server that does not answer a new connection. */
const CONNECT_LIMIT = 3000;

/** Milliseconds between two tries, and the most it grows to. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 500;

/** Seconds after which a caller may try again what found no database. */
const RETRY_AFTER = 2;

/** The same for every connection. */
export const clientConfig = (url: string): ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECT_LIMIT,
  keepAlive: true,
  fallback_application_name: 'continuo',
  types: {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      NUMBERS.includes(oid) ? Number : types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
  },
});

/** SQLSTATE of this error; null where it is not the server's. */
export const sqlState = (error: unknown): string | null =>
  error instanceof DatabaseError ? (error.code ?? null) : null;

/** A statement was prepared before a migration changed its table. */
export const isStaleError = (error: unknown): boolean => sqlState(error) === '0A000';

/**
 * SQLSTATE: connection exceptions (08), too many connections (53300), the server going down or coming up (57P), a silent
 * transaction (25P03).
 */
const GONE = /^(?:08|53300|57P0|25P03)/;

/** The server itself said that it ends this connection, or takes none. */
export const isGone = (error: unknown): boolean => GONE.test(sqlState(error) ?? '');

/** Of what connecting and a lone query throw: the server could not be reached or went away. */
export const isLoss = (error: unknown): boolean => sqlState(error) === null || isGone(error);

export const unavailable = (detail: string, cause?: unknown): ContinuoError =>
  new ContinuoError('unavailable', { detail, retryAfter: RETRY_AFTER }, { cause });

/** A connection of which is known when it is lost. */
export interface Connection {
  client: Client;
  /** True from the moment that the loss is noticed: before any query of it is rejected. */
  isLost(): boolean;
  /** At once, without a word to the server. */
  destroy(): void;
  /** Politely, and where the server does not answer, without it. */
  end(): Promise<void>;
}

/** Milliseconds that a farewell may take. */
const END_LIMIT = 1000;

/** Waits for work, but not longer than for a farewell. */
export const endInTime = async (work: Promise<unknown>): Promise<void> => {
  const stop = new AbortController();
  const patience = setTimeout(END_LIMIT, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([work.catch(() => {}), patience]);
  stop.abort();
};

const connectOnce = async (config: ClientConfig): Promise<Connection> => {
  const client = new Client(config);
  let lost = false;
  const lose = () => {
    lost = true;
  };
  // Without a listener an error of an idle connection would end the process.
  client.on('error', lose);
  client.on('end', lose);
  const destroy = () => {
    lost = true;
    client.connection.stream.destroy();
  };
  try {
    await client.connect();
  } catch (error) {
    destroy();
    throw error;
  }
  const end = async () => {
    if (!lost) await endInTime(client.end());
    destroy();
  };
  return { client, isLost: () => lost, destroy, end };
};

/**
 * Connects, again and again until `deadline` where the server cannot be reached.
 *
 * @param deadline of `performance.now()`; one try is made in any case
 * @throws ContinuoError `unavailable` when the deadline has passed
 * @throws Error what the server refused the connection for: a wrong password, an unknown database
 */
export const connect = async (config: ClientConfig, deadline: number): Promise<Connection> => {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await connectOnce(config);
    } catch (error) {
      if (!isLoss(error)) throw error;
      if (performance.now() + pause > deadline) throw unavailable('the database is away', error);
    }
    await setTimeout(pause);
  }
};

/**
 * For connections that write.
 *
 * @param silence milliseconds after which the server ends a session that goes silent in the middle of a transaction, so
 * that a node that froze does not hold up the others
 */
export const writerConfig = (url: string, silence: number): ClientConfig => ({
  ...clientConfig(url),
  pipeline: true,
  idle_in_transaction_session_timeout: silence,
  // A plan made while the tables were small is kept when they have grown: it must not read whole tables.
  options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off',
});

/** On a server that was told to acknowledge before its disk did, this session is told otherwise. */
export const makeDurable = async ({ client }: Connection): Promise<void> => {
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
  );
};
