/** The database goes away and comes back: servers say so, lose nothing, and carry on by themselves. */

import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Nodes, requestAt, startNodes, streamAt } from '../support/nodes.ts';
import { SOON } from '../support/patience.ts';

/** The way to the database, which can be cut. */
const createWay = async (target: URL) => {
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return socket.destroy();
    const onward = connect(Number(target.port || 5432), target.hostname);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: url.href,
    cut(on: boolean) {
      isCut = on;
      if (on) for (const socket of open) socket.destroy();
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};

let nodes: Nodes;
let way: Awaited<ReturnType<typeof createWay>>;
beforeEach(async () => {
  nodes = await startNodes({
    async through(url) {
      way = await createWay(new URL(url));
      return way.url;
    },
  });
});
afterEach(async () => {
  way.cut(false);
  await nodes.close();
  await way.close();
});

const texts = (events: readonly { type: string; text?: unknown }[]) =>
  events.flatMap((event) => (event.type === 'message' ? [event.text] : []));

test('a server whose database is away says so, and carries on when it is back', async () => {
  const device = await nodes.customer('one');
  const stream = await streamAt(nodes.a, device);
  const health = async () => (await fetch(`${nodes.a.url}/healthz`)).status;
  const path = `/v1/conversations/${device.conversationId}/messages`;
  const body = { clientId: 'while_away', text: 'two' };
  const send = (node: Nodes['a']) => requestAt(node, device, { method: 'POST', path, body });
  expect(await health()).toBe(200);

  way.cut(true);
  await vi.waitFor(async () => expect(await health()).toBe(503), SOON);
  const refused = await send(nodes.a);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  way.cut(false);
  await vi.waitFor(async () => expect(await health()).toBe(200), SOON);
  // Said again to the other node, with the same id.
  await vi.waitFor(async () => expect([200, 201]).toContain((await send(nodes.b)).status), SOON);
  await vi.waitFor(() => expect(texts(stream.events)).toEqual(['one', 'two']), SOON);
  await vi.waitFor(async () => {
    const metrics = await nodes.a.server.runtime.metrics.text();
    expect(metrics).toMatch(/^continuo_news_gaps_total [1-9]/m);
  }, SOON);
  stream.cancel();
});
