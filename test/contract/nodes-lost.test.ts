/** News between servers may get lost. The rows are the truth: what was missed is made up for. */

import { LIMITS } from '@continuo/protocol';
import type { Outside } from '@continuo/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Nodes, startNodes, streamAt } from '../support/nodes.ts';
import { openSse } from '../support/sse.ts';

/** Half of the time between heartbeats: what is seen within it came without one. */
const AT_ONCE = { timeout: LIMITS.heartbeatSeconds * 500, interval: 20 };

type ThroughBus = NonNullable<Outside['throughBus']>;
type Listener = Parameters<ReturnType<ThroughBus>['listen']>[0];

/** A bus that can go deaf, as when a connection is lost. */
const createDeafness = () => {
  let isDeaf = false;
  const listeners: Listener[] = [];
  const throughBus: ThroughBus = (bus) => ({
    ...bus,
    listen(listener) {
      listeners.push(listener);
      return bus.listen({
        onMessage(message, from) {
          if (!isDeaf) listener.onMessage(message, from);
        },
        onGap: () => listener.onGap(),
      });
    },
  });
  return {
    throughBus,
    begin() {
      isDeaf = true;
    },
    /** The connection is back, and known to have been away. */
    end() {
      isDeaf = false;
      for (const listener of listeners) listener.onGap();
    },
  };
};

let deafness: ReturnType<typeof createDeafness>;
let nodes: Nodes;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  deafness = createDeafness();
  nodes = await startNodes({ outside: [{ throughBus: deafness.throughBus }, {}] });
});
afterEach(async () => {
  vi.useRealTimers();
  await nodes.close();
});

const texts = (events: readonly { type: string; text?: unknown }[]) =>
  events.flatMap((event) => (event.type === 'message' ? [event.text] : []));

/** How many readers of the first node had missed something. */
const madeUpFor = async () => {
  const metrics = await nodes.a.server.runtime.metrics.text();
  return Number(/^continuo_news_made_up_for_total (\d+)$/m.exec(metrics)?.[1] ?? 0);
};

test('what was not heard comes with the next heartbeat, for every kind of reader, and is counted', async () => {
  const sara = await nodes.signIn();
  const device = await nodes.customer('one');
  const stream = await streamAt(nodes.b, device);
  const other = await streamAt(nodes.a, device);
  const poll = device.fetch(
    `${nodes.a.url}/v1/conversations/${device.conversationId}/events?offset=now&live=long-poll`,
  );
  const { hub } = nodes.a.server.runtime;
  await vi.waitFor(() => expect(hub.streams.count().customer).toBe(2), AT_ONCE);
  deafness.begin();
  const answered = await sara.fetch(
    `${nodes.b.url}/v1/inbox/conversations/${device.conversationId}/messages`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: 'unheard_1', text: 'two' }),
    },
  );
  expect(answered.status).toBe(201);
  await vi.waitFor(() => expect(texts(stream.events)).toEqual(['one', 'two']), AT_ONCE);
  expect(texts(other.events)).toEqual(['one']);

  vi.advanceTimersByTime(LIMITS.heartbeatSeconds * 1000);
  await vi.waitFor(() => expect(texts(other.events)).toEqual(['one', 'two']), AT_ONCE);
  expect(texts(await (await poll).json())).toEqual(['two']);
  expect(await madeUpFor()).toBe(2);

  // Nobody is behind any more.
  vi.advanceTimersByTime(LIMITS.heartbeatSeconds * 1000);
  await vi.waitFor(async () => expect(await madeUpFor()).toBe(2), AT_ONCE);
  stream.cancel();
  other.cancel();
});

test('a connection that was away and is back is made up for at once: events, positions, lists', async () => {
  const sara = await nodes.signIn();
  const device = await nodes.customer('one');
  const stream = await streamAt(nodes.a, device);
  const inbox = await openSse(sara.fetch, `${nodes.a.url}/v1/inbox/signals`);
  const path = `${nodes.b.url}/v1/inbox/conversations/${device.conversationId}`;
  const post = (rest: string, body: unknown) =>
    sara.fetch(path + rest, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await vi.waitFor(() => expect(texts(stream.events)).toEqual(['one']), AT_ONCE);
  deafness.begin();
  await post('/messages', { clientId: 'unheard_2', text: 'two' });
  await post('/assign', { agentId: null });
  deafness.end();
  await vi.waitFor(() => {
    expect(texts(stream.events)).toEqual(['one', 'two']);
    expect(stream.signals).toContainEqual({ type: 'assignee', agent: null });
    expect(stream.signals).toContainEqual(
      expect.objectContaining({ positions: expect.objectContaining({ agentRead: expect.any(Number) }) }),
    );
  }, AT_ONCE);
  // The inbox comes back and reads its list anew.
  await inbox.ended;
  expect(inbox.signals.at(-1)).toMatchObject({ type: 'drain' });
  stream.cancel();
});

test('a node that was deaf hears again who is connected elsewhere', async () => {
  const device = await nodes.customer();
  const { presence } = nodes.a.server.runtime;
  deafness.begin();
  const stream = await streamAt(nodes.b, device);
  await vi.waitFor(
    () => expect(nodes.b.server.runtime.presence.of(device.conversationId)).toBe('web'),
    AT_ONCE,
  );
  expect(presence.of(device.conversationId)).toBe('away');
  deafness.end();
  await vi.waitFor(() => expect(presence.of(device.conversationId)).toBe('web'), AT_ONCE);
  stream.cancel();
});
