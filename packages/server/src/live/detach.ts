import { type EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** With this listener `node:http` learns that a connection is over, and lets go of its parser and everything else. */
const LAST = 'bound socketOnClose';
/** Names of all that `node:http` listens with on a connection's socket (lib/_http_server.js, the same from Node 20 to 24). */
const LISTENERS: ReadonlySet<string> = new Set([
  LAST,
  'bound socketOnData',
  'bound socketOnEnd',
  'bound socketOnDrain',
  'socketOnError',
  'socketOnTimeout',
  'onSocketResume',
  'onSocketPause',
  // On the answer: it would close the socket of a finished one.
  'bound resOnFinish',
]);

const listenersOf = (emitter: EventEmitter, event: string | symbol) =>
  emitter.rawListeners(event).filter(({ name }) => LISTENERS.has(name));

const takeOff = (emitter: EventEmitter): void => {
  for (const event of emitter.eventNames())
    for (const listener of listenersOf(emitter, event))
      Reflect.apply(emitter.off, emitter, [event, listener]);
};

const ignore = (): void => {};

/** Makes the socket a stream of its own: what is still sent on it is thrown away, and its end is answered. */
const standAlone = (socket: Socket): void => {
  socket.on('error', ignore);
  socket.on('data', ignore);
  socket.on('end', () => socket.end());
};

const release = (socket: Socket, response: ServerResponse): boolean => {
  const [last] = listenersOf(socket, 'close');
  if (last?.name !== LAST) return false;
  response.detachSocket(socket);
  takeOff(socket);
  takeOff(response);
  Reflect.apply(last, socket, [false]);
  standAlone(socket);
  return true;
};

/**
 * Takes the connection out of HTTP's hands once an answer's head is sent: of an open stream only the socket is kept,
 * where HTTP would keep its parser, the request with its headers, the answer, and all that hangs on them: more than half
 * of a stream's memory. The head must say `connection: close` and no `transfer-encoding`: the answer ends where the
 * connection does.
 *
 * It tells HTTP, through the listener by which HTTP learns it, that the connection is over; to whoever waits for the
 * answer itself, it is finished. Where HTTP has other listeners than are known here (another Node), all stays as it was.
 *
 * @returns what to write to: the socket, or else the answer
 */
export const detach = async (request: IncomingMessage, response: ServerResponse): Promise<Writable> => {
  const { socket } = response;
  // HTTP would take an unread request for one that was broken off, and close the socket.
  if (!request.destroyed) await once(request.resume(), 'close').catch(ignore);
  const isOver = !socket || socket.destroyed || response.writableEnded || !request.complete;
  if (isOver || !release(socket, response)) return response;
  response.emit('finish');
  response.emit('close');
  return socket;
};
