import { randomBytes } from 'node:crypto';
import { createTestDatabase } from './postgres.ts';
import { type RoundRobin, startRoundRobin } from './round-robin.ts';
import { createServerProcess, freePort, type ServerProcess } from './server-process.ts';

/** Several built servers on one PostgreSQL database behind one address. Used like one server. */
export interface NodesProcess extends ServerProcess {
  nodes: readonly ServerProcess[];
  proxy: RoundRobin;
}

export const createNodesProcess = async (
  environment: Record<string, string>,
  count: number,
): Promise<NodesProcess> => {
  const database = await createTestDatabase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const shared = {
    CONTINUO_DATABASE_URL: database.url,
    CONTINUO_SECRET_KEY: randomBytes(32).toString('base64'),
    CONTINUO_PUBLIC_URL: url,
    ...environment,
  };
  const nodes = await Promise.all(Array.from({ length: count }, () => createServerProcess(shared)));
  const [first] = nodes;
  if (!first) throw new Error('at least one server is needed');
  const proxy = await startRoundRobin(port, () => nodes.map((node) => node.url));
  const each = <T>(act: (node: ServerProcess) => Promise<T>): Promise<T[]> => Promise.all(nodes.map(act));

  return {
    ...first,
    url,
    nodes,
    proxy,
    output: () => nodes.map((node) => node.output()).join('\n'),
    async start(options) {
      await each((node) => node.start(options));
    },
    stop: async () => (await each((node) => node.stop())).find((code) => code !== 0) ?? 0,
    async kill() {
      await each((node) => node.kill());
    },
    async dispose() {
      await each((node) => node.dispose());
      await proxy.close();
      await database.drop();
    },
  };
};
