import type { Socket } from 'node:net';
import { openSocket } from './socket.ts';

export interface HttpAnswer {
  status: number;
  /** Status line and headers, as they came. */
  head: string;
  body: Buffer;
}

/** One connection that is kept open, its requests one after another. Node's own client costs several times as much. */
export interface HttpConnection {
  ask(request: Buffer): Promise<HttpAnswer>;
  close(): void;
}

const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

/** A request as bytes. */
export const httpRequest = (
  line: `${'GET' | 'POST' | 'PUT' | 'DELETE'} ${string}`,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Buffer => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length =
    body === undefined
      ? ''
      : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body ?? ''}`);
};

/** The head of an answer and where its body is; null while the head is not whole. @throws Error for one without a length */
const readHead = (received: Buffer) => {
  const end = received.indexOf(END_OF_HEAD);
  if (end < 0) return null;
  const head = received.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  if (CHUNKED.test(head)) throw new Error(`an answer without a length: ${head}`);
  const length = status === 204 || status === 304 ? 0 : Number(LENGTH.exec(head)?.[1] ?? 0);
  const start = end + END_OF_HEAD.length;
  return { status, head, start, whole: start + length };
};

/** Reads answers off a socket, one at a time. */
const createAnswers = (socket: Socket) => {
  let waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | null = null;
  let chunks: Buffer[] = [];
  let have = 0;
  /** Bytes of the whole answer, as soon as its head is here: a long one is put together once. */
  let need = 0;
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    have += chunk.length;
    if (have < need) return;
    try {
      const received = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const head = readHead(received);
      need = head?.whole ?? 0;
      if (!head || have < need) return;
      const { status, start, whole } = head;
      chunks = [];
      have = 0;
      need = 0;
      const { resolve } = waiting ?? {};
      waiting = null;
      resolve?.({ status, head: head.head, body: received.subarray(start, whole) });
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('close', () => fail(new Error('the connection was closed')));
  return (): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
};

export const openHttp = async (port: number): Promise<HttpConnection> => {
  const socket = await openSocket(port);
  const next = createAnswers(socket);
  return {
    ask(request) {
      const answer = next();
      socket.write(request);
      return answer;
    },
    close: () => socket.destroy(),
  };
};

/** Fails for any other status, with what was said. */
export const expectStatus = (answer: HttpAnswer, ...allowed: readonly number[]): HttpAnswer => {
  if (allowed.includes(answer.status)) return answer;
  throw new Error(`answered with ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
};

/** An answer that does not end. */
export interface OpenStream {
  /** Told of everything that comes after the head; what came before is given at once. */
  onData(listener: (chunk: Buffer) => void): void;
  close(): void;
}

/** Resolves when there are bytes after the head of a `200`. */
export const openStream = async (port: number, request: Buffer): Promise<OpenStream> => {
  const socket = await openSocket(port);
  socket.write(request);
  const first = await new Promise<Buffer>((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const onClose = () => reject(new Error(`a stream ended at once: ${seen.toString().slice(0, 400)}`));
    socket.once('close', onClose);
    socket.on('data', function read(chunk: Buffer) {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf(END_OF_HEAD);
      if (end < 0) return;
      if (seen.toString('latin1', 9, 12) !== '200')
        return reject(new Error(`a stream was answered: ${seen.toString().slice(0, 400)}`));
      if (seen.length === end + END_OF_HEAD.length) return;
      socket.off('data', read);
      socket.off('close', onClose);
      resolve(seen.subarray(end + END_OF_HEAD.length));
    });
  });
  return {
    onData(listener) {
      listener(first);
      socket.on('data', listener);
    },
    close: () => socket.destroy(),
  };
};
