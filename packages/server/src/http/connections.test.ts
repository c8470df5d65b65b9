import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { boundConnections } from './connections.ts';

const MAX = 5;

let server: Server;
let sockets: Socket[];

const start = async (config: Parameters<typeof boundConnections>[1]) => {
  sockets = [];
  server = createServer((_request, response) => response.end('taken'));
  boundConnections(server, config, MAX);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
};
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A connection that asks for one thing; whether it was answered. */
const open = async (): Promise<boolean> => {
  const address = server.address();
  const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let answer = '';
  socket.on('data', (data) => (answer += data));
  await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
  return answer.includes('taken');
};

const openMany = (count: number) => Promise.all(Array.from({ length: count }, open));

test('an address has so many connections and no more, and new ones when it has closed some', async () => {
  await start({ rateLimits: true, trustProxy: false });
  expect(await openMany(MAX)).toEqual(Array(MAX).fill(true));
  expect(await openMany(3)).toEqual([false, false, false]);
  sockets[0]?.destroy();
  await expect.poll(open, { timeout: 10_000 }).toBe(true);
});

test.each([
  { rateLimits: false, trustProxy: false },
  { rateLimits: true, trustProxy: true },
])('there is no such limit with %o', async (config) => {
  await start(config);
  expect(await openMany(3 * MAX)).toEqual(Array(3 * MAX).fill(true));
});
