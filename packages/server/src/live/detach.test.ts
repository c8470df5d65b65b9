import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { until as eventually } from '../testing/until.ts';
import { ID, useOneConversation } from './testing/one-conversation.ts';

const { runtime, server, start, append, openStreams } = useOneConversation();

const ASK = `GET /${ID}/events?offset=-1&live=sse HTTP/1.1\r\nhost: here\r\n\r\n`;

/** A connection by hand, and everything that came on it. */
const dial = async (request = ASK) => {
  const socket: Socket = connect({ port: Number(new URL(server().url).port), allowHalfOpen: true });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(request);
  return {
    socket,
    text: () => text,
    until: (part: string) => eventually(() => expect(text).toContain(part)),
  };
};

/** Sockets as the server has them, the newest last. */
const accepted = (): Socket[] => {
  const sockets: Socket[] = [];
  server().app.server.on('connection', (socket: Socket) => sockets.push(socket));
  return sockets;
};

test('an open stream keeps nothing of HTTP: no parser, no request, no answer', async () => {
  await start();
  const sockets = accepted();
  const { until, socket } = await dial();
  await until('upToDate');
  const [own] = sockets;
  expect(own).not.toHaveProperty('parser', expect.anything());
  expect(own).not.toHaveProperty('_httpMessage', expect.anything());
  const names = own?.eventNames().flatMap((event) => own.rawListeners(event).map(({ name }) => name));
  expect(names?.filter((name) => /socketOn|onSocket|ServerResponse/.test(name))).toEqual([]);
  socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
});

test('the answer ends with its connection, and its bytes are the events and nothing else', async () => {
  await start();
  const { until, socket, text } = await dial();
  await until('upToDate');
  await append('hello');
  await until('"hello"');
  const [head = '', ...body] = text().split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('connection: close');
  expect(head.toLowerCase()).not.toContain('transfer-encoding');
  expect(head).toContain('x-from-hook: kept');
  for (const frame of body.join('\r\n\r\n').split('\n\n').filter(Boolean)) {
    expect(frame).toMatch(/^event: (?:signal|control|data)\ndata: .+$/);
  }
  server().revoke();
  await once(socket, 'end');
  expect(text()).toMatch(/event: signal\ndata: \{"type":"ended"\}\n\n$/);
  socket.destroy();
});

test('HTTP/1.0, as some proxies still speak it, gets the same', async () => {
  await start();
  const { until, socket } = await dial(ASK.replace('HTTP/1.1', 'HTTP/1.0'));
  await until('upToDate');
  await append('hello');
  await until('"hello"');
  socket.destroy();
});

test('a stream on a connection that has carried other answers', async () => {
  await start();
  await append('first');
  const { until, socket, text } = await dial(`GET /${ID}/events HTTP/1.1\r\nhost: here\r\n\r\n`);
  await until('"first"');
  socket.write(ASK);
  await until('upToDate');
  expect(text().match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  await append('second');
  await until('"second"');
  socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
});

test('what is sent after the request of a stream is not answered and not kept, and disturbs nothing', async () => {
  await start();
  const sockets = accepted();
  const { until, socket, text } = await dial(ASK + ASK);
  await until('upToDate');
  for (let n = 0; n < 20; n += 1) socket.write('x'.repeat(100_000));
  await append('still here');
  await until('"still here"');
  expect(text().match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(openStreams()).toBe(1);
  await eventually(() => expect(sockets[0]?.bytesRead).toBeGreaterThan(2_000_000));
  expect(sockets[0]?.readableLength).toBe(0);
  socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
});

test.each(['end', 'destroy', 'resetAndDestroy'] as const)(
  'a reader who leaves by %s is gone',
  async (how) => {
    await start({ audience: 'customer', sessionId: 'ses_1' });
    const sockets = accepted();
    const { until, socket } = await dial();
    await until('upToDate');
    socket[how]();
    await eventually(() => expect(runtime().hub.watched()).toEqual([]));
    await eventually(() => expect(sockets[0]?.destroyed).toBe(true));
    expect(runtime().hub.streams.count().customer).toBe(0);
  },
);

test('whoever watches the connection itself is told of its end, and not before', async () => {
  await start();
  const closed = vi.fn();
  server().app.server.on('connection', (socket: Socket) => socket.once('close', closed));
  const { until, socket } = await dial();
  await until('upToDate');
  expect(closed).not.toHaveBeenCalled();
  socket.destroy();
  await eventually(() => expect(closed).toHaveBeenCalledOnce());
});

test('hooks of the answer run once, when it has begun', async () => {
  await start();
  const { app } = server();
  const finished = vi.fn();
  app.server.on('request', (_request, response) => response.on('finish', finished));
  const { until, socket } = await dial();
  await until('upToDate');
  expect(finished).toHaveBeenCalledOnce();
  socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
  expect(finished).toHaveBeenCalledOnce();
});

test('a server that stops closes streams like everything else', async () => {
  await start();
  const { until, socket } = await dial();
  await until('upToDate');
  runtime().hub.streams.drain(1000);
  const ended = once(socket, 'end');
  await server().app.close();
  await ended;
  socket.destroy();
});

test('where HTTP listens in a way that is not known, the stream stays with HTTP and works', async () => {
  await start();
  server().app.server.on('connection', (socket: Socket) => {
    for (const listener of socket.listeners('close'))
      Object.defineProperty(listener, 'name', { value: 'of another Node' });
  });
  const { until, socket, text } = await dial();
  await until('upToDate');
  await append('hello');
  await until('"hello"');
  runtime().hub.streams.drain(1000);
  await once(socket, 'end');
  expect(text()).toMatch(/"type":"drain","withinMs":1000\}\n\n$/);
  socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
});

test('news is put into bytes once, however many read it', async () => {
  await start();
  const readers = await Promise.all(Array.from({ length: 20 }, () => dial()));
  for (const reader of readers) await reader.until('upToDate');
  const reads = vi.spyOn(runtime().store, 'readAfter');
  const made = vi.spyOn(Buffer, 'from');
  await append('for all');
  for (const reader of readers) await reader.until('"for all"');
  const ours = made.mock.calls.filter(([text]) => String(text).includes('for all'));
  made.mockRestore();
  expect(ours).toHaveLength(1);
  expect(reads).not.toHaveBeenCalled();
  for (const { socket } of readers) socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
});

test('when another node tells of news, all who read ask the database once', async () => {
  await start();
  const readers = await Promise.all(Array.from({ length: 20 }, () => dial()));
  for (const reader of readers) await reader.until('upToDate');
  const { hub, store } = runtime();
  const publish = vi.spyOn(hub, 'publishEvents').mockImplementation(() => {});
  await append('from elsewhere');
  publish.mockRestore();
  const reads = vi.spyOn(store, 'readAfter');
  expect(hub.tellHead(ID, 1)).toBe(20);
  for (const reader of readers) await reader.until('"from elsewhere"');
  expect(reads).toHaveBeenCalledOnce();
  expect(hub.tellHead(ID, 1)).toBe(0);
  for (const { socket } of readers) socket.destroy();
  await eventually(() => expect(openStreams()).toBe(0));
});
