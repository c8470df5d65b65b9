import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '../postgres/open.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';
import type { Told } from '../units.ts';
import { createTestDatabase } from './postgres.ts';

/** How an engine is opened for tests: always on the same data, until `clear`. */
export interface Engine {
  open(publish: Told['publish']): Promise<Store>;
  clear(): Promise<void>;
}

const createSqliteEngine = async (): Promise<Engine> => {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-store-'));
  const path = join(folder, 'continuo.db');
  return {
    open: (publish) => openSqliteStore({ path, now: () => 1_000, publish, onError: () => {} }),
    clear: () => rm(folder, { recursive: true }),
  };
};

const createPostgresEngine = async (): Promise<Engine> => {
  const { url, drop } = await createTestDatabase();
  return {
    open: (publish) =>
      openPostgresStore({ url, now: () => 1_000, publish, onError: () => {}, nodeId: randomUUID() }),
    clear: drop,
  };
};

/** Every engine there is: each must pass every test of `store.test.ts`. */
export const ENGINES: Record<string, () => Promise<Engine>> = {
  SQLite: createSqliteEngine,
  PostgreSQL: createPostgresEngine,
};
