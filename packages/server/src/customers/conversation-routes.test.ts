import { randomBytes } from 'node:crypto';
import type { Signal } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, type World } from '../sessions/testing/world.ts';

let world: World;
let device: Device;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
});
afterEach(() => world.close());

/** Every route under one conversation, with a body that fits. */
const ROUTES: [string, string, object?][] = [
  ['GET', ''],
  ['GET', '/history'],
  ['GET', '/history?before=3&limit=1'],
  ['GET', '/events?offset=-1'],
  ['GET', '/events?offset=-1&live=sse'],
  ['GET', '/events?offset=0000000000000001&live=long-poll'],
  ['HEAD', '/events'],
  ['POST', '/messages', { clientId: 'client-0001', text: 'Let me in' }],
  ['POST', '/messages/2/edit', { text: 'Let me in' }],
  ['POST', '/messages/2/delete'],
  ['POST', '/typing', { on: true }],
  ['POST', '/receipts', { received: 1, read: 1 }],
  ['POST', '/presence', { visible: true }],
  ['POST', '/choice', { choice: 'wait' }],
  ['POST', '/uploads', { id: 'file-0001', name: 'receipt.pdf', size: 3 }],
  ['GET', '/uploads/file-0001'],
  ['GET', '/files/file-0001'],
  ['POST', '/callbacks', { callbackId: 'callback-0001', phone: '+4930123456', at: null }],
  ['POST', '/callbacks/callback-0001/cancel'],
];

test('invariant 11: what is someone else’s looks exactly like what does not exist, on every route', async () => {
  const { token, conversationId: own } = await world.open(device);
  const neighbour = await createDevice();
  const theirs = (await world.open(neighbour)).conversationId;
  const social = (await world.social()).conversationId;
  const absent = `cnv_${randomBytes(16).toString('base64url')}`;
  for (const [method, rest, body] of ROUTES) {
    const ask = async (id: string) => {
      const answer = await world.call(device, `${method} /v1/conversations/${id}${rest}`, {
        token,
        ...(body && { body }),
      });
      const { date: _, ...headers } = answer.headers;
      return JSON.stringify([answer.status, headers, answer.text]).replaceAll(id, '<id>');
    };
    const reference = await ask(absent);
    expect(reference).toContain('404');
    for (const id of [theirs, social]) expect([rest, await ask(id)]).toEqual([rest, reference]);
  }
  const count = async (id: string) => (await world.events(id)).length;
  expect([await count(theirs), await count(own)]).toEqual([0, 0]);
});

test('a message is stored once under its client id: 201, then 200 with the same event; another text is a conflict', async () => {
  const { token, conversationId } = await world.open(device);
  const send = (text: string) =>
    world.call(device, `POST /v1/conversations/${conversationId}/messages`, {
      token,
      body: { clientId: 'client-0001', text },
    });
  const answers = await Promise.all(Array.from({ length: 10 }, () => send('Hello')));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.body).toMatchObject({
    event: { type: 'message', text: 'Hello', clientId: 'client-0001', channel: { kind: 'web' } },
  });
  expect(await send('Goodbye')).toMatchObject({ status: 409, body: { code: 'client_id_conflict' } });
});

test('a client cannot take the place of a step of a handoff in the log', async () => {
  const { token, conversationId } = await world.open(device);
  const answer = await world.call(device, `POST /v1/conversations/${conversationId}/messages`, {
    token,
    body: { clientId: 'handoff:hnd_1:offered', text: 'x' },
  });
  expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request' } });
});

test('history comes in pages, oldest first, down to the first', async () => {
  const { token, conversationId } = await world.open(device);
  const at = `/v1/conversations/${conversationId}`;
  for (let i = 0; i < 4; i++) {
    await world.call(device, `POST ${at}/messages`, {
      token,
      body: { clientId: `client-000${i}`, text: `No. ${i}` },
    });
  }
  const all = await world.events(conversationId);
  const newest = await world.call(device, `GET ${at}/history?limit=3`, { token });
  expect(newest.body).toEqual({ events: all.slice(-3), more: true });
  const before = all.at(-3)?.seq;
  const rest = await world.call(device, `GET ${at}/history?before=${before}`, { token });
  expect(rest.body).toEqual({ events: all.slice(0, -3), more: false });
  expect(newest.headers['content-type']).toBe('application/json; charset=utf-8');
});

test('typing, receipts and presence reach the agents', async () => {
  const { token, conversationId } = await world.open(device);
  const at = `/v1/conversations/${conversationId}`;
  await world.call(device, `POST ${at}/messages`, {
    token,
    body: { clientId: 'client-0001', text: 'Hello' },
  });
  const signals: Signal[] = [];
  world.rt.hub.listen(conversationId, {
    audience: 'agents',
    onEvents: () => {},
    onSignal: (signal) => signals.push(signal),
  });
  const stream = world.rt.presence.enter(conversationId, 'a-stream-of-another-session');
  const post = async (what: string, body: object) =>
    expect((await world.call(device, `POST ${at}/${what}`, { token, body })).status).toBe(204);
  await post('typing', { on: true });
  await post('receipts', { received: 2, read: 1 });
  await post('receipts', { read: 1 });
  await post('presence', { visible: false });
  stream.leave();
  expect(signals).toContainEqual({ type: 'typing', from: 'customer', agent: null, on: true });
  expect(signals).toContainEqual({
    type: 'positions',
    positions: { customerReceived: 2, customerRead: 1, agentReceived: 0, agentRead: 0 },
  });
  const view = await world.call(device, `GET ${at}`, { token });
  expect(view.body).toMatchObject({
    positions: { customerReceived: 2, customerRead: 1 },
    assignee: { name: 'Ines' },
  });
});
