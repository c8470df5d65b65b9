import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { openSocket } from './socket.ts';

/** A WebSocket (RFC 6455) as cheap as it can be: text frames, whole. */
export interface TextSocket {
  onText(listener: (text: string) => void): void;
  write(frame: Buffer): void;
  close(): void;
}

/**
 * A client's text frame. The mask is zero, which RFC 6455 lets a client choose as any other: nothing has to be
 * turned over then.
 */
export const textFrame = (text: string): Buffer => {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
  head[0] = 0x81;
  if (body.length < 126) head[1] = 0x80 | body.length;
  else {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(body.length, 2);
  }
  return Buffer.concat([head, body]);
};

/** The first frame in `bytes` and what is after it; null while it is not whole. A server's frames are not masked. */
export const readFrame = (bytes: Buffer): { opcode: number; text: string; rest: Buffer } | null => {
  if (bytes.length < 2) return null;
  const opcode = (bytes[0] ?? 0) & 0x0f;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return null;
  return {
    opcode,
    text: bytes.toString('utf8', start, start + length),
    rest: bytes.subarray(start + length),
  };
};

const upgrade = (socket: Socket, path: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
    );
    let seen: Buffer = Buffer.alloc(0);
    socket.on('data', function read(chunk: Buffer) {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', read);
      if (seen.toString('latin1', 9, 12) === '101') resolve(seen.subarray(end + 4));
      else reject(new Error(`no WebSocket: ${seen.toString().slice(0, 300)}`));
    });
  });

export const openTextSocket = async (port: number, path: string): Promise<TextSocket> => {
  const socket = await openSocket(port);
  let rest = await upgrade(socket, path);
  let listener: (text: string) => void = () => {};
  const read = (): void => {
    for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
      ({ rest } = frame);
      if (frame.opcode === 1) listener(frame.text);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    read();
  });
  return {
    onText(next) {
      listener = next;
      read();
    },
    write: (frame) => void socket.write(frame),
    close: () => socket.destroy(),
  };
};
