/** Several servers on one PostgreSQL: whoever is connected to one sees at once what another did. */

import { randomUUID } from 'node:crypto';
import { LIMITS } from '@continuo/protocol';
import { DurableStream } from '@durable-streams/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startStopwatch } from '../../packages/server/src/testing/stopwatch.ts';
import type { AgentClient } from '../support/agent-client.ts';
import type { Device } from '../support/device.ts';
import { type Nodes, requestAt, startNodes, streamAt } from '../support/nodes.ts';
import { SOON } from '../support/patience.ts';
import { openSse } from '../support/sse.ts';

/**
 * Half of the time between heartbeats: of what is seen within it, time after time, most came as news. Long enough for a
 * machine that is busy.
 */
const AT_ONCE = { timeout: LIMITS.heartbeatSeconds * 500, interval: 20 };
const SECOND = 1000;

let nodes: Nodes;
let sara: AgentClient;
beforeAll(async () => {
  nodes = await startNodes();
  sara = await nodes.signIn();
});
afterAll(() => nodes.close());

const texts = (events: readonly { type: string; text?: unknown }[]) =>
  events.flatMap((event) => (event.type === 'message' ? [event.text] : []));

const send = (device: Device, text: string, clientId = randomUUID()) =>
  requestAt(nodes.b, device, {
    method: 'POST',
    path: `/v1/conversations/${device.conversationId}/messages`,
    body: { clientId, text },
  });

const path = (device: Device) => `/v1/conversations/${device.conversationId}`;
const inboxPath = (device: Device) => `/v1/inbox/conversations/${device.conversationId}`;

const postAtB = (who: Device, rest: string, body?: unknown) =>
  requestAt(nodes.b, who, { method: 'POST', path: path(who) + rest, body });

const agentAtB = (method: string, url: string, body?: unknown) =>
  sara.fetch(nodes.b.url + url, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });

test('both know of each other', async () => {
  await vi.waitFor(() => {
    expect(nodes.a.server.runtime.peers.size).toBe(1);
    expect(nodes.b.server.runtime.peers.size).toBe(1);
  }, AT_ONCE);
});

test('a stream shows what the other node accepted, in order and without holes', async () => {
  const device = await nodes.customer('first');
  const stream = await streamAt(nodes.a, device);
  for (const text of ['second', 'third', 'fourth']) expect((await send(device, text)).status).toBe(201);
  await vi.waitFor(
    () => expect(texts(stream.events)).toEqual(['first', 'second', 'third', 'fourth']),
    AT_ONCE,
  );
  expect(stream.events.map(({ seq }) => seq)).toEqual(stream.events.map((_, index) => index + 1));
  stream.cancel();
});

test('what is edited and deleted on one node is so on the other, and its words are gone from the log', async () => {
  const device = await nodes.customer('first');
  const stream = await streamAt(nodes.a, device);
  const { event } = await (await send(device, 'My card is 4111')).json();
  const edited = await postAtB(device, `/messages/${event.seq}/edit`, { text: 'My card is 4111 1111' });
  expect(edited.status).toBe(200);
  expect((await postAtB(device, `/messages/${event.seq}/delete`)).status).toBe(204);
  const kinds = () => stream.events.slice(-3).map(({ type }) => type);
  await vi.waitFor(() => expect(kinds()).toEqual(['message', 'message.edited', 'message.deleted']), AT_ONCE);
  stream.cancel();
  const late = await streamAt(nodes.a, device);
  await vi.waitFor(() => expect(late.events.at(-1)).toMatchObject({ type: 'message.deleted' }), AT_ONCE);
  expect(JSON.stringify(late.events)).not.toContain('4111');
  late.cancel();
});

test('so does a long-poll', async () => {
  const device = await nodes.customer();
  const poll = device.fetch(`${nodes.a.url}${path(device)}/events?offset=now&live=long-poll`);
  await vi.waitFor(() => expect(nodes.a.server.runtime.hub.watched()).toContain(device.conversationId), SOON);
  const stop = startStopwatch();
  await send(device, 'news');
  expect(texts(await (await poll).json())).toEqual(['news']);
  expect(stop()).toBeLessThan(AT_ONCE.timeout);
});

test('and a catch-up, by the client of the protocol’s own project', async () => {
  const device = await nodes.customer('one');
  await send(device, 'two');
  const stream = new DurableStream({
    url: `${nodes.a.url}${path(device)}/events`,
    fetch: device.fetch,
    contentType: 'application/json',
  });
  const read = await stream.stream<{ type: string; text?: unknown }>({ live: false, offset: '-1' });
  expect(texts(await read.json())).toEqual(['one', 'two']);
});

test('many readers on one node read rows of the other once, all the same', async () => {
  const device = await nodes.customer('0');
  const streams = await Promise.all(Array.from({ length: 20 }, () => streamAt(nodes.a, device)));
  const { store } = nodes.a.server.runtime;
  await vi.waitFor(() => {
    for (const { events } of streams) expect(texts(events)).toEqual(['0']);
  }, AT_ONCE);
  const reads = vi.spyOn(store, 'readAfter');
  await send(device, '1');
  await vi.waitFor(() => {
    for (const { events } of streams) expect(texts(events)).toEqual(['0', '1']);
  }, AT_ONCE);
  expect(reads).toHaveBeenCalledTimes(1);
  reads.mockRestore();
  for (const stream of streams) stream.cancel();
});

test('typing, positions and the assignee reach whoever is connected to the other node', async () => {
  const device = await nodes.customer();
  const customer = await streamAt(nodes.a, device);
  const agent = await openSse(sara.fetch, `${nodes.a.url}${inboxPath(device)}/events?live=sse&offset=-1`);
  const inbox = await sara.connect();
  await vi.waitFor(() => expect(agent.signals.length).toBeGreaterThan(2), AT_ONCE);

  await postAtB(device, '/typing', { on: true });
  await vi.waitFor(() => {
    expect(agent.signals).toContainEqual({ type: 'typing', from: 'customer', agent: null, on: true });
    expect(inbox.signals).toContainEqual(
      expect.objectContaining({ type: 'typing', conversationId: device.conversationId, from: 'customer' }),
    );
  }, AT_ONCE);

  await agentAtB('POST', `${inboxPath(device)}/typing`, { on: true });
  await vi.waitFor(
    () =>
      expect(customer.signals).toContainEqual({
        type: 'typing',
        from: 'agent',
        agent: expect.objectContaining({ id: nodes.agent.id, name: 'Sara', status: 'online' }),
        on: true,
      }),
    AT_ONCE,
  );

  await agentAtB('POST', `${inboxPath(device)}/receipts`, { read: 2 });
  await vi.waitFor(
    () =>
      expect(customer.signals).toContainEqual({
        type: 'positions',
        positions: { customerReceived: 0, customerRead: 0, agentReceived: 2, agentRead: 2 },
      }),
    AT_ONCE,
  );

  await agentAtB('POST', `${inboxPath(device)}/assign`, { agentId: null });
  await vi.waitFor(() => expect(customer.signals).toContainEqual({ type: 'assignee', agent: null }), AT_ONCE);
  await agentAtB('POST', `${inboxPath(device)}/assign`, { agentId: nodes.agent.id });
  await vi.waitFor(
    () => expect(customer.signals.at(-1)).toMatchObject({ type: 'assignee', agent: { id: nodes.agent.id } }),
    AT_ONCE,
  );
  for (const stream of [customer, agent, inbox]) stream.cancel();
});

test('who waits hears of a place that became free on the other node', async () => {
  const [first, second] = [await nodes.customer(), await nodes.customer()];
  for (const device of [first, second])
    await agentAtB('POST', `${inboxPath(device)}/assign`, { agentId: null });
  const stream = await streamAt(nodes.a, second);
  await agentAtB('POST', `${inboxPath(first)}/assign`, { agentId: nodes.agent.id });
  const { queuePosition } = await (await second.fetch(nodes.a.url + path(second))).json();
  await vi.waitFor(
    () => expect(stream.signals).toContainEqual({ type: 'queue', position: queuePosition }),
    AT_ONCE,
  );
  await agentAtB('POST', `${inboxPath(second)}/assign`, { agentId: nodes.agent.id });
  stream.cancel();
});

test('an inbox is told of conversations on the other node, with who is on the page there', async () => {
  const inbox = await sara.connect();
  const device = await nodes.customer();
  const stream = await streamAt(nodes.b, device);
  await send(device, 'are you there?');
  await vi.waitFor(
    () =>
      expect(inbox.signals).toContainEqual({
        type: 'conversation',
        conversation: expect.objectContaining({
          id: device.conversationId,
          presence: 'web',
          lastMessage: expect.objectContaining({ preview: 'are you there?' }),
        }),
      }),
    AT_ONCE,
  );
  inbox.cancel();
  stream.cancel();
});

test('a customer is on the web wherever they are connected, and moves without having been away', async () => {
  const device = await nodes.customer();
  const presences = [nodes.a, nodes.b].map(({ server }) => server.runtime.presence);
  const of = () => presences.map((presence) => presence.of(device.conversationId));
  const agent = await openSse(sara.fetch, `${nodes.b.url}${inboxPath(device)}/events?live=sse&offset=-1`);
  const told = () => agent.signals.filter(({ type }) => type === 'customer').map(({ presence }) => presence);
  // What it is told of at first is read at a moment of its own.
  await vi.waitFor(() => expect(told()).toEqual(['away']), AT_ONCE);
  const first = await streamAt(nodes.a, device);
  await vi.waitFor(() => expect(of()).toEqual(['web', 'web']), AT_ONCE);

  first.cancel();
  const second = await streamAt(nodes.b, device);
  // What node A says after its grace is of no account.
  await vi.waitFor(() => expect(nodes.a.server.runtime.presence.here().web).toEqual([]), SOON);
  expect(of()).toEqual(['web', 'web']);
  expect(told().slice(told().indexOf('web'))).toEqual(['web']);

  // The page was hidden; its stream is on B, and A is told.
  await requestAt(nodes.a, device, {
    method: 'POST',
    path: `${path(device)}/presence`,
    body: { visible: false },
  });
  await vi.waitFor(() => expect(of()).toEqual(['away', 'away']), AT_ONCE);
  await postAtB(device, '/presence', { visible: true });
  await vi.waitFor(() => expect(of()).toEqual(['web', 'web']), AT_ONCE);
  second.cancel();
  agent.cancel();
});

test('an agent who comes online on one node takes what waits, and is seen as online by all', async () => {
  const device = await nodes.customer();
  await vi.waitFor(
    () => expect(nodes.a.server.runtime.hub.connectedAgents(nodes.workspaceId).size).toBe(0),
    SOON,
  );
  const other = await nodes.customer('Is anybody here?');
  const stream = await streamAt(nodes.a, other);
  await vi.waitFor(
    () => expect(stream.events).toContainEqual(expect.objectContaining({ reason: 'queue' })),
    SOON,
  );
  const inbox = await openSse(sara.fetch, `${nodes.b.url}/v1/inbox/signals`);
  await vi.waitFor(
    () =>
      expect(stream.events).toContainEqual(
        expect.objectContaining({
          type: 'assigned',
          agent: expect.objectContaining({ id: nodes.agent.id }),
          reason: 'auto',
        }),
      ),
    AT_ONCE,
  );
  await vi.waitFor(async () => {
    const seen = await requestAt(nodes.a, device, { method: 'GET', path: path(device) });
    expect(await seen.json()).toMatchObject({ assignee: { id: nodes.agent.id, status: 'online' } });
  }, AT_ONCE);
  inbox.cancel();
  stream.cancel();
});

test('a session that ends on one node ends what is open on the other at once', async () => {
  const device = await nodes.customer();
  const stream = await streamAt(nodes.a, device);
  await vi.waitFor(() => expect(stream.events.length).toBeGreaterThan(0), SOON);
  const stop = startStopwatch();
  expect((await requestAt(nodes.b, device, { method: 'DELETE', path: '/v1/session' })).status).toBe(204);
  await stream.ended;
  expect(stop()).toBeLessThan(SECOND);
  expect(stream.signals.at(-1)).toEqual({ type: 'ended' });
  const refused = await requestAt(nodes.a, device, { method: 'GET', path: '/v1/session' });
  expect(refused.status).toBe(401);
});

test('so does the session of an agent', async () => {
  const again = await nodes.signIn();
  const inbox = await openSse(again.fetch, `${nodes.a.url}/v1/inbox/signals`);
  const stop = startStopwatch();
  await again.fetch(`${nodes.b.url}/v1/auth/sign-out`, { method: 'POST' });
  await inbox.ended;
  expect(stop()).toBeLessThan(SECOND);
  expect(inbox.signals.at(-1)).toEqual({ type: 'ended' });
});
