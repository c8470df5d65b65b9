import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startStopwatch } from '../testing/stopwatch.ts';
import { until } from '../testing/until.ts';
import { gateOf } from './gate.ts';
import { ORIGIN, WEB_KEY } from './testing/brand.ts';
import { createDevice, type Device } from './testing/device.ts';
import { createWorld, DAY, HOUR, MINUTE, type World } from './testing/world.ts';

let world: World;
let device: Device;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
});
afterEach(() => world.close());

const count = async (table: 'customers' | 'identities' | 'conversations' | 'sessions'): Promise<number> => {
  const { n } = await world.rt.store.db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
};

const problem = (status: number, code: string) => ({ status, body: { status, code } });
const state = (token: string, by = device) => world.call(by, 'GET /v1/session', { token });

test('a session is given, works with its own key, and only its hash is kept', async () => {
  const session = await world.open(device);
  expect(session.expiresAt).toBe(world.now() + 14 * DAY);
  const answer = await state(session.token);
  expect(answer).toMatchObject({ status: 200, body: { conversationId: session.conversationId } });
  expect(answer.text).not.toContain(session.token);
  const row = await world.rt.store.db.selectFrom('sessions').selectAll().executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(session.token);
  expect(row.token_hash).toMatch(/^[0-9a-f]{64}$/);
});

test('a token that is stolen, unknown, malformed or not sent: four answers that cannot be told apart', async () => {
  const { token } = await world.open(device);
  const thief = await createDevice();
  const answers = await Promise.all([
    state(token, thief),
    state(randomBytes(32).toString('base64url'), thief),
    state('short', thief),
    world.call(thief, 'GET /v1/session'),
  ]);
  expect(answers[0]).toMatchObject(problem(401, 'unauthorized'));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

test('every route of a device refuses a request without a proof', async () => {
  const { token, conversationId } = await world.open(device);
  const at = `/v1/conversations/${conversationId}`;
  const body = { clientId: 'client-0001', text: 'Hello' };
  const lines: [string, object?][] = [
    ['GET /v1/session'],
    ['DELETE /v1/session'],
    ['POST /v1/sessions', { channelKey: WEB_KEY }],
    [`GET ${at}`],
    [`GET ${at}/history`],
    [`GET ${at}/events?offset=-1`],
    [`POST ${at}/messages`, body],
    [`POST ${at}/typing`, { on: true }],
    [`POST ${at}/receipts`, { read: 1 }],
    [`POST ${at}/presence`, { visible: true }],
    [`POST ${at}/choice`, { choice: 'wait' }],
    ['POST /v1/handoffs/peek', { token }],
    ['POST /v1/handoffs/redeem', { token, channelKey: WEB_KEY }],
    ['POST /v1/handoffs/decline', { token }],
    ['POST /v1/handoffs/renew', { token }],
  ];
  for (const [line, payload] of lines) {
    const answer = await world.call(device, line, { token, proof: null, ...(payload && { body: payload }) });
    expect([line, answer.status, answer.body]).toMatchObject([line, 401, { code: 'proof_invalid' }]);
  }
});

test('a proof serves one request', async () => {
  const { token } = await world.open(device);
  const proof = await device.prove({ method: 'GET', url: `${ORIGIN}/v1/session`, now: world.now(), token });
  expect((await world.call(device, 'GET /v1/session', { token, proof })).status).toBe(200);
  expect(await world.call(device, 'GET /v1/session', { token, proof })).toMatchObject(
    problem(401, 'proof_invalid'),
  );
});

test('it ends after 72 hours without use, and after 14 days however much it is used', async () => {
  const idle = await world.open(device);
  world.pass(72 * HOUR - 1);
  expect((await state(idle.token)).status).toBe(200);
  await until(async () => {
    const row = await world.rt.store.db
      .selectFrom('sessions')
      .select('last_used_at')
      .executeTakeFirstOrThrow();
    expect(row.last_used_at).toBe(world.now());
  });
  world.pass(72 * HOUR);
  expect(await state(idle.token)).toMatchObject(problem(401, 'session_ended'));

  const { token } = await world.open(device);
  await world.rt.store.write(async ({ db }) => {
    await db
      .updateTable('sessions')
      .set({ last_used_at: world.now() + 14 * DAY - 1 })
      .execute();
  });
  world.pass(14 * DAY - 1);
  expect((await state(token)).status).toBe(200);
  world.pass(1);
  expect(await state(token)).toMatchObject(problem(401, 'session_ended'));
});

test('its use is written down once a minute, not once a request', async () => {
  const { token } = await world.open(device);
  const write = vi.spyOn(world.rt.store, 'write');
  for (let i = 0; i < 5; i++) await state(token);
  expect(write).toHaveBeenCalledTimes(0);
  world.pass(MINUTE);
  await Promise.all([state(token), state(token), state(token)]);
  await until(async () => {
    const row = await world.rt.store.db
      .selectFrom('sessions')
      .select('last_used_at')
      .executeTakeFirstOrThrow();
    expect(row.last_used_at).toBe(world.now());
  });
  expect(write).toHaveBeenCalledTimes(1);
});

test('after a log-out every session of the device is refused at once, and the next begins anew in the same conversation', async () => {
  const [one, two] = [await world.open(device), await world.open(device)];
  expect((await world.call(device, 'DELETE /v1/session', { token: one.token })).status).toBe(204);
  for (const { token } of [one, two]) expect(await state(token)).toMatchObject(problem(401, 'session_ended'));
  expect((await world.open(device)).conversationId).toBe(one.conversationId);
});

test('of many sessions of one key the newest three stay, and the very young', async () => {
  const old = [];
  for (let i = 0; i < 5; i++) old.push(await world.open(device));
  for (const { token } of old) expect((await state(token)).status).toBe(200);
  world.pass(2 * MINUTE);
  const fresh = await world.open(device);
  const statuses = await Promise.all([...old, fresh].map(async ({ token }) => (await state(token)).status));
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect(statuses.at(-1)).toBe(200);
});

test('50 first contacts at once make one customer, one identity and one conversation, and each tab works', async () => {
  const sessions = await Promise.all(Array.from({ length: 50 }, () => world.open(device)));
  expect(await Promise.all([count('customers'), count('identities'), count('conversations')])).toEqual([
    1, 1, 1,
  ]);
  expect(new Set(sessions.map(({ conversationId }) => conversationId)).size).toBe(1);
  const answers = await Promise.all(sessions.map(({ token }) => state(token)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test('an unknown channel, a channel of another kind, and nothing made of either', async () => {
  for (const channelKey of ['web_nowhere', '100']) {
    const answer = await world.call(device, 'POST /v1/sessions', { body: { channelKey } });
    expect(answer).toMatchObject(problem(404, 'not_found'));
  }
  expect(await count('customers')).toBe(0);
});

test('pages of sites that are not listed are refused; listed ones, our own and apps are not', async () => {
  const body = { channelKey: WEB_KEY };
  const from = async (origin?: string) =>
    (await world.call(device, 'POST /v1/sessions', { body, ...(origin && { origin }) })).status;
  expect(await from('https://anyone.example')).toBe(201);
  await world.settings({ allowedOrigins: ['https://brand.example'], siteUrl: 'https://shop.example/help' });
  expect(await from('https://brand.example')).toBe(201);
  expect(await from('https://shop.example')).toBe(201);
  expect(await from(ORIGIN)).toBe(201);
  expect(await from()).toBe(201);
  for (const origin of [
    'https://evil.example',
    'https://brand.example.evil.example',
    'http://brand.example',
    'null',
  ]) {
    expect([origin, await from(origin)]).toEqual([origin, 403]);
  }
});

test('what a widget needs to know is public, may be kept for 30 seconds, and tells whether anyone is online', async () => {
  const answer = await world.call(device, `GET /v1/web/${WEB_KEY}`, { proof: null });
  expect(answer).toMatchObject({
    status: 200,
    body: { channelKey: WEB_KEY, workspace: { name: 'Brand' }, online: true },
  });
  expect(answer.headers['cache-control']).toBe('public, max-age=30');
  expect(await world.call(device, 'GET /v1/web/nowhere', { proof: null })).toMatchObject(
    problem(404, 'not_found'),
  );
});

/** Opens the live stream over a real connection, and reads on until its end. */
const openStream = async (token: string, conversationId: string) => {
  if (!world.app.server.listening) await world.app.listen({ port: 0, host: '127.0.0.1' });
  const address = world.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const url = `http://127.0.0.1:${address.port}/v1/conversations/${conversationId}/events?offset=-1&live=sse`;
  const dpop = await device.prove({ method: 'GET', url, now: world.now(), token });
  const response = await fetch(url, {
    headers: { authorization: `DPoP ${token}`, dpop, 'continuo-version': '1' },
  });
  expect(response.status).toBe(200);
  return response.text();
};

test('a log-out closes the open stream at once, and says why', async () => {
  const { token, conversationId } = await world.open(device);
  const stream = openStream(token, conversationId);
  await until(() => expect(gateOf(world.rt).watch.size).toBe(1));
  const stop = startStopwatch();
  await world.call(device, 'DELETE /v1/session', { token });
  expect(await stream).toMatch(/event: signal\ndata: ?\{"type":"ended"\}/);
  expect(stop()).toBeLessThan(400);
  expect(gateOf(world.rt).watch.size).toBe(0);
});

test('a revocation by another process refuses requests at once, and closes the open stream within a second', async () => {
  const { token, conversationId } = await world.open(device);
  const stream = openStream(token, conversationId);
  await until(() => expect(gateOf(world.rt).watch.size).toBe(1));
  const other = new DatabaseSync(world.path, { timeout: 5000 });
  const stop = startStopwatch();
  other.exec(`UPDATE sessions SET revoked_at = ${world.now()}`);
  other.close();
  expect(await state(token)).toMatchObject(problem(401, 'session_ended'));
  expect(await stream).toContain('{"type":"ended"}');
  expect(stop()).toBeLessThan(1000);
});
