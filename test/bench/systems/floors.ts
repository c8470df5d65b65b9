import { randomUUID } from 'node:crypto';
import { freePort } from '../../support/server-process.ts';
import { startProgram } from '../processes.ts';
import { type Prepared, type System, TEXT, type Writer } from '../system.ts';
import { expectStatus, httpRequest, openHttp, openStream } from '../wire/http.ts';
import { openSocket } from '../wire/socket.ts';
import { createWatch } from '../wire/watch.ts';
import { makeFolder } from './folder.ts';

/** Bytes of a message in the raw floor: about what the same text is with its id. */
const RAW_BYTES = 300;

const start = async (file: string) => {
  const folder = await makeFolder();
  const port = await freePort();
  const program = await startProgram(file, [folder.path, String(port)]);
  const cpu = () => program.ask<number>('cpu');
  const close = async () => {
    await program.end();
    await folder.remove();
  };
  return { port, program, cpu, close };
};

const openRawWriter = async (port: number, first: string): Promise<Writer> => {
  const socket = await openSocket(port);
  let left = 0;
  let done: () => void = () => {};
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left <= 0) done();
  });
  const prepareOne = (): Prepared => ({
    id: '',
    bytes: Buffer.from(`${first}${randomUUID()}`.padEnd(RAW_BYTES, 'x')),
  });
  return {
    conversation: '',
    prepare: (count) => Array.from({ length: count }, prepareOne),
    send: ({ bytes }) =>
      new Promise((resolve) => {
        left = bytes.length;
        done = resolve;
        socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
};

/** What is sent is what comes back: there is no reader beside the writer. */
const noReader: System['openReader'] = async () => {
  throw new Error('the writer is the reader');
};

/** A TCP connection, a file, a sync, and the way back; and the way there and back alone. */
export const startRawFloor = async (): Promise<{ synced: System; echo: System; close(): Promise<void> }> => {
  const { port, cpu, close } = await start('programs/raw.ts');
  const system = (name: string, first: string): System => ({
    name,
    openWriters: (count) => Promise.all(Array.from({ length: count }, () => openRawWriter(port, first))),
    openReader: noReader,
    cpu,
    close: async () => {},
  });
  return { synced: system('raw', 's'), echo: system('echo', 'e'), close };
};

export interface PlainFloor extends System {
  port: number;
}

/** `node:http`, a file, a sync, and an open event stream. */
export const startPlainFloor = async (name: string): Promise<PlainFloor> => {
  const { port, cpu, close } = await start('programs/plain.ts');
  const headers = { host: `127.0.0.1:${port}` };
  const prepareOne = (): Prepared => {
    const id = randomUUID();
    return { id, bytes: httpRequest('POST /', headers, JSON.stringify({ clientId: id, text: TEXT })) };
  };
  const openWriter = async (): Promise<Writer> => {
    const connection = await openHttp(port);
    return {
      conversation: '',
      prepare: (count) => Array.from({ length: count }, prepareOne),
      async send({ bytes }) {
        expectStatus(await connection.ask(bytes), 201);
      },
      close: connection.close,
    };
  };
  return {
    name,
    port,
    openWriters: (count) => Promise.all(Array.from({ length: count }, openWriter)),
    async openReader() {
      const stream = await openStream(port, httpRequest('GET /', headers));
      const watch = createWatch();
      stream.onData(watch.feed);
      return { arrival: watch.arrival, close: stream.close };
    },
    cpu,
    close,
  };
};
