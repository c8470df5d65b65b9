import { type Asker, measureRates, type Rate } from '../load.ts';
import type { Postgres } from '../postgres.ts';
import { startProgram } from '../processes.ts';
import { TEXT } from '../system.ts';
import { type Continuo, type Node, startContinuo } from '../systems/continuo.ts';
import type { BenchDevice } from '../wire/device.ts';
import { expectStatus, openHttp } from '../wire/http.ts';

/** What is asked of the nodes. */
export type Load = 'messages' | 'pages' | 'typing';

export interface NodesRate extends Rate {
  nodes: number;
  load: Load;
  /** The part of one processor that each node was given; null where it could take what it got. */
  share: number | null;
}

const ASKERS = 64;

const LOADS: Record<Load, (device: BenchDevice) => Buffer> = {
  messages: (device) => device.message(TEXT).bytes,
  pages: (device) => device.request(`GET /v1/conversations/${device.conversation}/history?limit=20`),
  typing: (device) => device.request(`POST /v1/conversations/${device.conversation}/typing`, '{"on":true}'),
};

const openAsker = async (node: Node, device: BenchDevice) => {
  const connection = await openHttp(node.port);
  const askerOf = (load: Load): Asker<Buffer> => ({
    prepare: (count) => Array.from({ length: count }, () => LOADS[load](device)),
    async send(request) {
      expectStatus(await connection.ask(request), 200, 201, 204);
    },
  });
  return { askerOf, close: connection.close };
};

/** Customers, the same number for any number of nodes, each on one of them. */
const openAskers = async (continuo: Continuo) => {
  const each = ASKERS / continuo.nodes.length;
  const opened = await Promise.all(
    continuo.nodes.map(async (node) => {
      const devices = await continuo.openDevices(node, each);
      return Promise.all(devices.map((device) => openAsker(node, device)));
    }),
  );
  return opened.flat();
};

interface Options {
  postgres: Postgres;
  seconds: number;
  /** The part of one processor that a held node is given. */
  share: number;
}

const startDeployment = async (nodes: number, postgres: Postgres) => {
  const database = await postgres.createDatabase(`nodes${nodes}`);
  const continuo = await startContinuo({ name: `${nodes} nodes`, database, nodes });
  const askers = await openAskers(continuo);
  return {
    nodes,
    pids: continuo.nodes.map(({ program }) => String(program.pid)),
    partyOf: (load: Load) => ({
      askers: askers.map(({ askerOf }) => askerOf(load)),
      meters: { system: continuo.cpu, database: postgres.cpu },
    }),
    async close() {
      for (const asker of askers) asker.close();
      await continuo.close();
    },
  };
};

type Deployment = Awaited<ReturnType<typeof startDeployment>>;

const measureLoads = async (
  deployments: readonly Deployment[],
  seconds: number,
  share: number | null,
): Promise<NodesRate[]> => {
  const results: NodesRate[] = [];
  for (const load of ['messages', 'pages', 'typing'] as const) {
    const parties = deployments.map(({ partyOf }) => partyOf(load));
    const rates = await measureRates(parties, { seconds, rounds: 3 });
    for (const [index, { nodes }] of deployments.entries()) {
      const rate = rates[index];
      if (rate) results.push({ nodes, load, share, ...rate });
    }
  }
  return results;
};

/**
 * The same load on one node and on two, by turns, each deployment with a database on one PostgreSQL: as fast as it goes,
 * and with each node held to a part of a processor, so that neither the machine's processors nor the database are the
 * limit but the nodes are.
 */
export const measureNodes = async ({ postgres, seconds, share }: Options): Promise<NodesRate[]> => {
  const deployments = [await startDeployment(1, postgres), await startDeployment(2, postgres)];
  const free = await measureLoads(deployments, seconds, null);
  const pids = deployments.flatMap((deployment) => deployment.pids);
  const throttle = await startProgram('programs/throttle.ts', [String(share), ...pids]);
  const held = await measureLoads(deployments, seconds, share);
  await throttle.end();
  for (const deployment of deployments) await deployment.close();
  return [...free, ...held];
};
