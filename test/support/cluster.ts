import { randomBytes } from 'node:crypto';
import { type Outside, openOutsidePostgres, openOutsideSqlite } from './outside.ts';
import { createTestDatabase } from './postgres.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

export type Engine = 'sqlite' | 'postgres';

/** One server on the embedded engine, or several on one PostgreSQL, each in a process of its own. */
export interface Cluster {
  engine: Engine;
  /** Not started. */
  nodes: readonly [ServerProcess, ...ServerProcess[]];
  /** Opens the database that they share. There is one once a command or a server has run. */
  outside(): Promise<Outside>;
  /** Stops them all and removes their data. */
  dispose(): Promise<void>;
}

export const createCluster = async (
  engine: Engine,
  { nodes: count = 1, environment = {} }: { nodes?: number; environment?: Record<string, string> } = {},
): Promise<Cluster> => {
  const database = engine === 'postgres' ? await createTestDatabase() : null;
  const shared: Record<string, string> = {
    CONTINUO_LOG_LEVEL: 'error',
    CONTINUO_RATE_LIMITS: 'false',
    CONTINUO_SECRET_KEY: randomBytes(32).toString('base64'),
    ...(database && { CONTINUO_DATABASE_URL: database.url }),
    ...environment,
  };
  const first = await createServerProcess(shared, 'source');
  const others = Array.from({ length: count - 1 }, () => createServerProcess(shared, 'source'));
  const nodes: [ServerProcess, ...ServerProcess[]] = [first, ...(await Promise.all(others))];
  return {
    engine,
    nodes,
    outside: async () => (database ? openOutsidePostgres(database.url) : openOutsideSqlite(first.dataDir)),
    async dispose() {
      await Promise.all(nodes.map((node) => node.dispose()));
      await database?.drop();
    },
  };
};
