import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { createBatches } from '../batches.ts';
import { createLibraryDialect } from '../library-dialect.ts';
import { migrate } from '../migrate.ts';
import { runPreparedBy } from '../prepared.ts';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { createWrite, type Unit } from '../units.ts';
import { createCommit } from './commit.ts';
import { prepareReads } from './hot-path.ts';
import { createMigrationDialect, createReaderDialect, createUnitDialect } from './kysely.ts';
import type { SqliteOptions } from './options.ts';
import { runInUnits, runOutside } from './run-prepared.ts';

/** Milliseconds to wait for another process (the CLI beside a running server) to finish its transaction. */
const BUSY_TIMEOUT = 5000;

/**
 * Pages in the write-ahead log (8 MB) after which a commit also carries them over into the database. SQLite's own are
 * 1,000 of 4,096 bytes. The rarer it is, the fewer messages wait for it, and a page that changes again and again is
 * carried over once; but twice as many, and the log falls out of the processor's cache: a lone message takes 10 % longer.
 */
const WAL_PAGES = 4000;

/**
 * Bytes in a page of a new file. SQLite's own are 4,096. A message changes six pages, each of which a commit writes to the
 * disk whole: with 2,048 the way of a lone message is 3 % shorter, and nothing measured is slower. With 1,024, many
 * writers append less.
 */
const PAGE_BYTES = 2048;

/** Milliseconds between two tries of what SQLite does not wait for by itself. */
const PAUSE = 10;

/** SQLite's result code for "another process has it" (sqlite.org/rescode.html), the low byte of its extended ones. */
const BUSY = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === BUSY;

/** The change of a new file to WAL is the one thing that does not wait for another process that is making it too. */
const setJournal = async (db: DatabaseSync): Promise<void> => {
  const until = performance.now() + BUSY_TIMEOUT;
  for (;;) {
    try {
      // FULL, because NORMAL was measured to lose acknowledged messages at power loss.
      db.exec(
        `PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${WAL_PAGES};`,
      );
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
    await setTimeout(PAUSE);
  }
};

const openWriter = async (path: string): Promise<DatabaseSync> => {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    await setJournal(db);
    await migrate(new Kysely<Database>({ dialect: createMigrationDialect(db) }));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/**
 * Opens the embedded store, and brings its tables up to date.
 *
 * @throws Error when the file cannot be opened, or was written by a newer version of the server
 */
export const openSqliteStore = async (options: SqliteOptions): Promise<Store> => {
  const writer = await openWriter(options.path);
  const reader = new DatabaseSync(options.path, { timeout: BUSY_TIMEOUT, readOnly: true });
  const units = await new Kysely<Database>({ dialect: createUnitDialect(writer) })
    .startTransaction()
    .execute();
  const db = new Kysely<Database>({ dialect: createReaderDialect(reader) });
  runPreparedBy(units, runInUnits(writer));
  runPreparedBy(db, runOutside(writer, reader));
  const batches = createBatches<Unit>(createCommit({ db: writer, units, ...options }));
  const { write, refuse } = createWrite(batches.add);

  return {
    engine: 'sqlite',
    db,
    dialect: createLibraryDialect(createReaderDialect(reader), { db, write }),
    write,
    ...prepareReads(reader),
    async close() {
      refuse();
      await batches.idle();
      reader.close();
      writer.close();
    },
  };
};
