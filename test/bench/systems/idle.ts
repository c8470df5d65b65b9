import { freePort } from '../../support/server-process.ts';
import { startProgram } from '../processes.ts';
import { type Idle, inTurns, type Memory } from '../system.ts';
import type { BenchDevice } from '../wire/device.ts';
import { expectStatus, httpRequest, openHttp, openStream } from '../wire/http.ts';
import { openSocket } from '../wire/socket.ts';
import { type ContinuoOptions, startContinuo } from './continuo.ts';
import { makeFolder } from './folder.ts';

/** Many connections of one kind to one of the floor's programs. */
const startFloor = async (
  name: string,
  file: string,
  connect: (port: number) => Promise<() => void>,
): Promise<Idle> => {
  const folder = await makeFolder();
  const port = await freePort();
  const program = await startProgram(file, [folder.path, String(port)]);
  const open: (() => void)[] = [];
  return {
    name,
    async open(count) {
      open.push(...(await inTurns(Array.from({ length: count }), () => connect(port))));
    },
    memory: () => program.ask<Memory>('memory'),
    async close() {
      for (const close of open) close();
      await program.end();
      await folder.remove();
    },
  };
};

/** Bare TCP connections of Node's own `net`. */
export const startIdleTcp = (name: string): Promise<Idle> =>
  startFloor(name, 'programs/raw.ts', async (port) => {
    const socket = await openSocket(port);
    const echoed = new Promise((resolve) => socket.once('data', resolve));
    socket.write('e');
    await echoed;
    return () => socket.destroy();
  });

/** Open event streams of Node's own `http`, with nothing behind them. */
export const startIdleHttp = (name: string): Promise<Idle> =>
  startFloor(name, 'programs/plain.ts', async (port) => {
    const stream = await openStream(port, httpRequest('GET /', { host: `127.0.0.1:${port}` }));
    stream.onData(() => {});
    return stream.close;
  });

/** Connections over which the customers say something before. */
const CONNECTIONS = 16;

/** A message of each device. */
const sayOnce = async (port: number, devices: readonly BenchDevice[]): Promise<void> => {
  const silent = devices.slice();
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openHttp(port)));
  await Promise.all(
    connections.map(async (connection) => {
      for (let device = silent.pop(); device; device = silent.pop())
        expectStatus(await connection.ask(device.message('Where is my parcel?').bytes), 201);
      connection.close();
    }),
  );
};

/**
 * Customers' streams, each of another session and conversation with a message in it, on a process that has just begun:
 * what a server holds beside the streams is in no figure.
 *
 * @param options.sessions how many streams can be opened
 */
export const startIdleContinuo = async (
  options: ContinuoOptions,
  { sessions }: { sessions: number },
): Promise<Idle> => {
  const continuo = await startContinuo(options);
  const [{ port }] = continuo.nodes;
  const devices = await continuo.openDevices(continuo.nodes[0], sessions);
  await sayOnce(port, devices);
  await continuo.restart();
  const open: (() => void)[] = [];
  return {
    name: continuo.name,
    async open(count) {
      const streams = await inTurns(devices.splice(0, count), (device) => {
        const line = `GET /v1/conversations/${device.conversation}/events?offset=-1&live=sse` as const;
        return openStream(port, device.request(line));
      });
      for (const stream of streams) {
        stream.onData(() => {});
        open.push(stream.close);
      }
    },
    memory: () => continuo.nodes[0].program.ask<Memory>('memory'),
    async close() {
      for (const close of open) close();
      await continuo.close();
    },
  };
};
