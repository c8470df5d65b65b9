import { randomUUID } from 'node:crypto';
import { openPostgresStore } from '../postgres/open.ts';
import type { PostgresOptions } from '../postgres/options.ts';
import type { Store } from '../store.ts';
import { createTestDatabase } from './postgres.ts';

/** Stores of several nodes on one database of its own. */
export interface Nodes {
  url: string;
  open(options?: Partial<PostgresOptions>): Promise<Store>;
  /** Closes every store and drops the database. */
  clear(): Promise<void>;
}

export const createNodes = async (options?: { language?: string }): Promise<Nodes> => {
  const { url, drop } = await createTestDatabase(options);
  const stores: Store[] = [];
  return {
    url,
    async open(changes = {}) {
      const nodeId = randomUUID();
      const store = await openPostgresStore({ url, now: () => 1_000, publish: () => {}, nodeId, ...changes });
      stores.push(store);
      return store;
    },
    async clear() {
      await Promise.all(stores.map((store) => store.close()));
      await drop();
    },
  };
};
