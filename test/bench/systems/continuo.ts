import { freePort } from '../../support/server-process.ts';
import { type Program, startProgram } from '../processes.ts';
import { inTurns, type Reader, type System, TEXT, type Writer } from '../system.ts';
import { type BenchAgent, signIn } from '../wire/agent.ts';
import { type BenchDevice, openBenchDevice } from '../wire/device.ts';
import { expectStatus, type HttpConnection, openHttp, openStream } from '../wire/http.ts';
import { createWatch } from '../wire/watch.ts';
import { makeFolder } from './folder.ts';

/** A brand with one web channel and one agent. */
export interface Brand {
  channelKey: string;
  email: string;
  password: string;
}

/** One process of Continuo. */
export interface Node {
  port: number;
  program: Program;
}

/** A deployment of one or more nodes, with a brand on it. Its `cpu` is of all of them. */
export interface Continuo extends System {
  nodes: readonly [Node, ...Node[]];
  brand: Brand;
  /** An agent's stream of one conversation at a node. */
  openReaderAt(node: Node, conversation: string): Promise<Reader>;
  /** Opens devices at a node, each with a session of its own. */
  openDevices(node: Node, count: number): Promise<BenchDevice[]>;
  /** Ends the first node's process and begins a new one on the same data and port. */
  restart(): Promise<void>;
}

export interface ContinuoOptions {
  name: string;
  /** URL of a PostgreSQL database. @default the embedded engine */
  database?: string;
  /** @default 1 */
  nodes?: number;
}

/** For all nodes of a deployment; a benchmark's secret is no secret. */
const SECRET_KEY = Buffer.alloc(32, 'benchmark').toString('base64');

const startNode = async (port: number, dataDir: string, database?: string): Promise<Node> => ({
  port,
  program: await startProgram('programs/serve.ts', [], {
    CONTINUO_PORT: String(port),
    CONTINUO_PUBLIC_URL: `http://127.0.0.1:${port}`,
    CONTINUO_DATA_DIR: dataDir,
    CONTINUO_RATE_LIMITS: 'false',
    CONTINUO_LOG_LEVEL: 'error',
    CONTINUO_SECRET_KEY: SECRET_KEY,
    ...(database !== undefined && { CONTINUO_DATABASE_URL: database }),
  }),
});

const openWriterOf = (device: BenchDevice, connection: HttpConnection): Writer => ({
  conversation: device.conversation,
  prepare: (count) => Array.from({ length: count }, () => device.message(TEXT)),
  async send({ bytes }) {
    expectStatus(await connection.ask(bytes), 201);
  },
  close: connection.close,
});

const openDevicesAt = async (port: number, channelKey: string, count: number): Promise<BenchDevice[]> =>
  inTurns(Array.from({ length: count }), async () => {
    const connection = await openHttp(port);
    const device = await openBenchDevice(connection, { port, channelKey });
    connection.close();
    return device;
  });

const openAgentReader = async (port: number, agent: BenchAgent, conversation: string): Promise<Reader> => {
  const line = `GET /v1/inbox/conversations/${conversation}/events?offset=now&live=sse` as const;
  const stream = await openStream(port, agent.request(line));
  const watch = createWatch();
  stream.onData(watch.feed);
  return { arrival: watch.arrival, close: stream.close };
};

/** Streams that one sign-in may hold open, a few below the server's bound. */
const PER_SIGN_IN = 60;

/** Gives each reader a signed-in agent: the same one to as many as it may serve, then another sign-in. */
const createSeats = (port: number, brand: Brand, first: BenchAgent) => {
  const signedIn = [Promise.resolve(first)];
  let taken = 0;
  return (): Promise<BenchAgent> => {
    const place = Math.floor(taken++ / PER_SIGN_IN);
    signedIn[place] ??= signIn(port, brand);
    return signedIn[place];
  };
};

/** Starts the nodes, the built server each in a process of its own, without limits on requests. */
export const startContinuo = async ({ name, database, nodes = 1 }: ContinuoOptions): Promise<Continuo> => {
  const folder = await makeFolder();
  const startAt = (port: number) => startNode(port, folder.path, database);
  const first = await startAt(await freePort());
  const running: [Node, ...Node[]] = [first];
  while (running.length < nodes) running.push(await startAt(await freePort()));
  const brand = await first.program.ask<Brand>('brand');
  const seat = createSeats(first.port, brand, await signIn(first.port, brand));
  const openReaderAt = async ({ port }: Node, conversation: string) =>
    openAgentReader(port, await seat(), conversation);
  return {
    name,
    nodes: running,
    brand,
    openReaderAt,
    openDevices: (node, count) => openDevicesAt(node.port, brand.channelKey, count),
    async openWriters(count) {
      const devices = await openDevicesAt(first.port, brand.channelKey, count);
      return Promise.all(devices.map(async (device) => openWriterOf(device, await openHttp(first.port))));
    },
    openReader: ({ conversation }) => openReaderAt(first, conversation),
    async cpu() {
      const used = await Promise.all(running.map(({ program }) => program.ask<number>('cpu')));
      return used.reduce((sum, one) => sum + one, 0);
    },
    async restart() {
      await running[0].program.end();
      running[0] = await startAt(first.port);
    },
    async close() {
      await Promise.all(running.map(({ program }) => program.end()));
      await folder.remove();
    },
  };
};
