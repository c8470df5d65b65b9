import { performance } from 'node:perf_hooks';
import { TEXT } from '../system.ts';
import type { Continuo } from '../systems/continuo.ts';
import type { PlainFloor } from '../systems/floors.ts';
import type { BenchDevice } from '../wire/device.ts';
import { expectStatus, httpRequest, openHttp, openStream } from '../wire/http.ts';

export interface Read {
  milliseconds: number;
  bytes: number;
  /** Requests that it took. */
  requests: number;
}

export interface CatchUp {
  messages: number;
  /** Page after page, as a client without a stream. */
  pages: Read;
  /** One stream, until it says that there is no more. */
  stream: Read;
  /** As many bytes as the stream's from `node:http`, in one answer out of memory. */
  floor: Read;
  /** Processor time of the server for the stream, milliseconds. */
  streamCpu: number;
}

const WRITERS = 32;
/** Proofs hold for a minute: so many are signed at a time. */
const CHUNK = 1000;

/** Fills the device's conversation. */
const fill = async (port: number, device: BenchDevice, messages: number): Promise<void> => {
  const connections = await Promise.all(Array.from({ length: WRITERS }, () => openHttp(port)));
  for (let sent = 0; sent < messages; sent += CHUNK) {
    const prepared = Array.from({ length: Math.min(CHUNK, messages - sent) }, () => device.message(TEXT));
    await Promise.all(
      connections.map(async (connection) => {
        for (let next = prepared.pop(); next; next = prepared.pop())
          expectStatus(await connection.ask(next.bytes), 201);
      }),
    );
  }
  for (const connection of connections) connection.close();
};

const NEXT_OFFSET = /\r\nstream-next-offset: *(\S+)/i;
const UP_TO_DATE = /\r\nstream-up-to-date: *true/i;

const readPages = async (port: number, device: BenchDevice): Promise<Read> => {
  const connection = await openHttp(port);
  const start = performance.now();
  let offset = '-1';
  let bytes = 0;
  let requests = 0;
  for (let done = false; !done; ) {
    const request = device.request(`GET /v1/conversations/${device.conversation}/events?offset=${offset}`);
    const { head, body } = expectStatus(await connection.ask(request), 200);
    bytes += body.length;
    requests++;
    const next = NEXT_OFFSET.exec(head)?.[1];
    if (next === undefined) throw new Error('a page without an offset');
    done = UP_TO_DATE.test(head) || next === offset;
    offset = next;
  }
  connection.close();
  return { milliseconds: performance.now() - start, bytes, requests };
};

const readStream = async (port: number, device: BenchDevice): Promise<Read> => {
  const line = `GET /v1/conversations/${device.conversation}/events?offset=-1&live=sse` as const;
  const request = device.request(line);
  const start = performance.now();
  const stream = await openStream(port, request);
  let bytes = 0;
  let tail = '';
  const end = await new Promise<number>((resolve) => {
    stream.onData((chunk) => {
      bytes += chunk.length;
      tail = tail.slice(-32) + chunk.toString('latin1', Math.max(0, chunk.length - 4096));
      if (tail.includes('"upToDate":true')) resolve(performance.now());
    });
  });
  stream.close();
  return { milliseconds: end - start, bytes, requests: 1 };
};

const readBytes = async (port: number, count: number): Promise<Read> => {
  const connection = await openHttp(port);
  const start = performance.now();
  const { body } = await connection.ask(httpRequest(`GET /bytes?n=${count}`, { host: `127.0.0.1:${port}` }));
  connection.close();
  return { milliseconds: performance.now() - start, bytes: body.length, requests: 1 };
};

const ROUNDS = 3;

/** The fastest of a few: the first one reads what is not yet in memory. */
const fastest = async (read: () => Promise<Read>): Promise<Read> => {
  const reads: Read[] = [];
  for (let round = 0; round < ROUNDS; round++) reads.push(await read());
  return reads.reduce((best, next) => (next.milliseconds < best.milliseconds ? next : best));
};

/** A device that has nothing yet reads a long conversation. */
export const measureCatchUp = async (
  continuo: Continuo,
  plain: PlainFloor,
  messages: number,
): Promise<CatchUp> => {
  const [node] = continuo.nodes;
  const [device] = await continuo.openDevices(node, 1);
  if (!device) throw new Error('a device');
  await fill(node.port, device, messages);
  const pages = await fastest(() => readPages(node.port, device));
  const before = await continuo.cpu();
  const stream = await fastest(() => readStream(node.port, device));
  const streamCpu = ((await continuo.cpu()) - before) / ROUNDS / 1000;
  const floor = await fastest(() => readBytes(plain.port, stream.bytes));
  return { messages, pages, stream, floor, streamCpu };
};
