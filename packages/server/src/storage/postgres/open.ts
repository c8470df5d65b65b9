import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { createLibraryDialect } from '../library-dialect.ts';
import { migrate } from '../migrate.ts';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { createWrite } from '../units.ts';
import { countRows } from './commit.ts';
import { clientConfig, connect } from './connection.ts';
import { createReads } from './hot-path.ts';
import { createReaderDialect } from './kysely.ts';
import { createLane, type Lane } from './lane.ts';
import { lockKey } from './locks.ts';
import { openNews } from './news.ts';
import { LIMITS, type PostgresOptions } from './options.ts';
import { openReaders } from './readers.ts';
import { createTurns } from './turns.ts';

/** Milliseconds that a server that starts waits for a database that starts beside it. */
const START_LIMIT = 10_000;

/** Milliseconds that a migration waits for a table that others use: behind it, all of them would wait. */
const MIGRATION_LOCK_LIMIT = 10_000;

/**
 * More lanes make smaller batches. Measured on 2 cores with 1, 2, 4, 8 lanes: 256 writers 9.8, 11.9, 13.3, 14.2 thousand
 * appends a second, 16 writers 5.5, 4.5, 3.4, 2.4. Two, so that nobody waits for one slow batch.
 */
const LANES = 2;

const READERS = 4;

/** Brings the tables up to date; servers that start at once do it one after the other. */
const prepareDatabase = async (url: string): Promise<void> => {
  const connection = await connect(clientConfig(url), performance.now() + START_LIMIT);
  await connection.end();
  const pool = new Pool({ ...clientConfig(url), lock_timeout: MIGRATION_LOCK_LIMIT, max: 2 });
  pool.on('error', () => {});
  try {
    await migrate(new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }));
  } finally {
    await pool.end();
  }
};

/**
 * Opens the store on PostgreSQL, and brings its tables up to date. Any number of processes may have one database open.
 *
 * @throws Error when the database refuses the connection, or was written by a newer version of the server
 * @throws ContinuoError `unavailable` when there is no server
 */
export const openPostgresStore = async (options: PostgresOptions): Promise<Store> => {
  const { url, pool = {} } = options;
  const limits = { ...LIMITS, ...options.limits };
  await prepareDatabase(url);
  const { start: startTurn } = createTurns();
  const news = await openNews(options);
  const open = (): Lane => createLane({ ...options, limits, startTurn, tellNodes: news.tell });
  const alone = open();
  const lanes = Array.from({ length: pool.lanes ?? LANES }, open);
  const readers = openReaders(url, { max: pool.readers ?? READERS, wait: limits.wait });
  const dialect = createReaderDialect(readers.query);
  const db = new Kysely<Database>({ dialect });

  const laneOf = (keys: readonly bigint[] | null): Lane => {
    const [first] = keys ?? [];
    if (first === undefined) return alone;
    return lanes[Number(BigInt.asUintN(32, first)) % lanes.length] ?? alone;
  };

  const { write, refuse } = createWrite((unit) => {
    const keys = unit.scope?.map(lockKey) ?? null;
    laneOf(keys).add({ unit, keys, deadline: performance.now() + limits.wait, runs: 0 });
  });

  return {
    engine: 'postgres',
    db,
    dialect: createLibraryDialect(dialect, {
      db,
      // A library may go by how many rows its statement met.
      write: (unit, scope) =>
        write((tx) => {
          countRows();
          return unit(tx);
        }, scope),
    }),
    write,
    ...createReads(readers),
    async close() {
      refuse();
      await Promise.all([alone, ...lanes].map((lane) => lane.close()));
      await Promise.all([news.close(), readers.close()]);
    },
  };
};
