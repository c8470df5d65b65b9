import { randomUUID } from 'node:crypto';
import type { Prepared, Reader, Writer } from '../system.ts';
import { createWatch } from './watch.ts';
import { openTextSocket, type TextSocket, textFrame } from './web-socket.ts';

/*
 * Engine.IO 4 and Socket.IO 5 over a bare WebSocket: the official client costs several times as much, and the benchmark
 * measures servers. `0` opens, `2` asks for `3`, `40` joins the namespace, `42` is an event, `43` its acknowledgement.
 */

const PONG = textFrame('3');

/** A visitor's socket, connected and let in. `onPacket` is told of what comes after. */
const connect = async (
  port: number,
  visitor: number,
  onPacket: (text: string) => void,
): Promise<TextSocket> => {
  const socket = await openTextSocket(port, '/socket.io/?EIO=4&transport=websocket');
  await new Promise<void>((resolve, reject) => {
    socket.onText((text) => {
      if (text === '2') socket.write(PONG);
      else if (text.startsWith('0'))
        socket.write(textFrame(`40${JSON.stringify({ token: `token-${visitor}` })}`));
      else if (text.startsWith('40')) resolve();
      else if (text.startsWith('44')) reject(new Error(`Socket.IO: ${text}`));
      else onPacket(text);
    });
  });
  return socket;
};

/** The writer of visitor `visitor`. */
export const openSocketIoWriter = async (port: number, visitor: number, text: string): Promise<Writer> => {
  let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  const socket = await connect(port, visitor, (packet) => {
    if (!packet.startsWith('43')) return;
    if (packet.includes('"seq"')) settle?.resolve();
    else settle?.reject(new Error(`Socket.IO: ${packet}`));
  });
  let packetId = 0;
  const prepareOne = (): Prepared => {
    const id = randomUUID();
    const event = JSON.stringify(['message', { clientId: id, text }]);
    return { id, bytes: textFrame(`42${packetId++}${event}`) };
  };
  return {
    conversation: String(visitor),
    prepare: (count) => Array.from({ length: count }, prepareOne),
    send: ({ bytes }) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      }),
    close: () => socket.close(),
  };
};

/** A reader in the room of visitor `visitor`. */
export const openSocketIoReader = async (port: number, visitor: number): Promise<Reader> => {
  const watch = createWatch();
  const socket = await connect(port, visitor, (packet) => watch.feed(Buffer.from(packet)));
  return { arrival: watch.arrival, close: () => socket.close() };
};
