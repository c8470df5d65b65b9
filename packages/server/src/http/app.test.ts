import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBareApp } from './app.ts';
import { createWorld, ORIGIN, problemOf, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const asAgent = (): Record<string, string> => ({ cookie: world.ours.cookie });

test('an unknown route is a problem document without the query', async () => {
  const problem = problemOf(await world.inject({ url: '/v1/nothing?token=secret' }), 'not_found');
  expect(problem.detail).toBe('There is no GET /v1/nothing');
});

test('a URL that cannot be decoded is a problem document', async () => {
  problemOf(await world.inject({ url: '/v1/inbox/conversations/%E0%A4%A' }), 'bad_request');
});

test('a body that does not fit is told place by place, and nothing in it is converted or dropped', async () => {
  const url = `/v1/inbox/conversations/${world.ours.conversationId}/messages`;
  const payload = { clientId: 'short', text: 7, more: true };
  const problem = problemOf(
    await world.inject({ method: 'POST', url, headers: asAgent(), payload }),
    'bad_request',
  );
  expect(problem.errors).toEqual(
    expect.arrayContaining([
      { path: '/clientId', message: 'must NOT have fewer than 8 characters' },
      { path: '/text', message: 'must be string' },
      { path: '/more', message: 'is not known here' },
    ]),
  );
  expect(problem.errors).toHaveLength(3);
});

test('a union of words is told as one list', async () => {
  const response = await world.inject({
    method: 'PUT',
    url: '/v1/inbox/presence',
    headers: asAgent(),
    payload: { status: 'asleep' },
  });
  expect(problemOf(response, 'bad_request').errors).toEqual([
    { path: '/status', message: 'must be one of "online", "away"' },
  ]);
});

test('a query is converted and has its defaults', async () => {
  const list = await world.inject({ url: '/v1/inbox/conversations', headers: asAgent() });
  expect(list.statusCode).toBe(200);
  const url = `/v1/inbox/conversations/${world.ours.conversationId}/history`;
  expect((await world.inject({ url: `${url}?limit=1`, headers: asAgent() })).json()).toMatchObject({
    events: [{ seq: expect.any(Number) }],
    more: true,
  });
  const problem = problemOf(
    await world.inject({ url: `${url}?limit=51`, headers: asAgent() }),
    'bad_request',
  );
  expect(problem.errors).toEqual([{ path: '/limit', message: 'must be <= 50' }]);
});

test.each([
  ['malformed', ['{"on":', 'application/json'], 'The body is not valid JSON'],
  ['empty', ['', 'application/json'], 'The body is empty, JSON is expected'],
  ['of another type', ['on=1', 'application/x-www-form-urlencoded'], 'Content-Type must be application/json'],
  ['poisoned', ['{"__proto__":{"a":1},"on":true}', 'application/json'], 'The body is not valid JSON'],
])('a body that is %s is a bad request', async (_kind, [payload = '', type = ''], detail) => {
  const url = `/v1/inbox/conversations/${world.ours.conversationId}/typing`;
  const headers = { ...asAgent(), 'content-type': type };
  const problem = problemOf(await world.inject({ method: 'POST', url, headers, payload }), 'bad_request');
  expect(problem.detail).toBe(detail);
});

test('a body beyond the limit is too large', async () => {
  const response = await world.inject({
    method: 'POST',
    url: '/v1/auth/sign-in/email',
    payload: { email: 'a@b', password: 'x'.repeat(70_000) },
  });
  problemOf(response, 'too_large');
});

test('what was not thrown on purpose says an id, and the log has the rest', async () => {
  const app = await createBareApp(world.rt);
  app.get('/v1/broken', () => {
    throw new Error('secret inside');
  });
  const response = await app.inject({ url: '/v1/broken', headers: { 'continuo-version': '1' } });
  await app.close();
  const { detail } = problemOf(response, 'internal');
  const id = /^Logged as ([\w-]{12})$/.exec(detail ?? '')?.[1];
  expect(response.body).not.toContain('secret inside');
  expect(world.log()).toContain('secret inside');
  expect(world.log()).toContain(`"requestId":"${id}"`);
});

test.each([
  [undefined, 'The header Continuo-Version is missing'],
  ['0', 'Continuo-Version is not one of ours'],
  ['1.0', 'Continuo-Version is not one of ours'],
])('version %s is refused with those that are spoken', async (version, detail) => {
  const headers = { ...asAgent(), ...(version !== undefined && { 'continuo-version': version }) };
  const response = await world.app.inject({ url: '/v1/inbox/me', headers });
  expect(problemOf(response, 'version_unsupported')).toMatchObject({ supported: [1], detail });
  expect(response.headers['continuo-version']).toBe('1');
});

test('a loader of any age may ask about its channel', async () => {
  const response = await world.app.inject({ url: `/v1/web/${world.ours.channelKey}` });
  expect(response.statusCode).toBe(200);
  expect(response.headers['continuo-version']).toBe('1');
  expect(response.json()).toMatchObject({ workspace: { name: 'ours' } });
});

test('any page may ask what customers ask, and no other page what agents ask', async () => {
  const preflight = (url: string) =>
    world.app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin: 'https://brand.example', 'access-control-request-method': 'POST' },
    });
  const allowed = await preflight('/v1/conversations/x/messages');
  expect(allowed.statusCode).toBe(204);
  expect(allowed.headers['access-control-allow-origin']).toBe('*');
  expect(allowed.headers['access-control-allow-headers']).toContain('dpop');
  expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
  expect((await preflight('/v1/inbox/presence')).headers['access-control-allow-origin']).toBeUndefined();

  const headers = { origin: 'https://brand.example' };
  const answer = await world.inject({ url: `/v1/web/${world.ours.channelKey}`, headers });
  expect(answer.headers['access-control-expose-headers']).toContain('stream-next-offset');
  const refused = await world.inject({ url: '/v1/conversations/x', headers });
  expect(refused.headers['access-control-allow-origin']).toBe('*');
});

test('answers are not sniffed, framed, kept or referred', async () => {
  const { headers } = await world.inject({ url: '/v1/inbox/me' });
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['strict-transport-security']).toBeUndefined();
});

test('a request that never ends does not keep its socket', () => {
  const { headersTimeout, requestTimeout } = world.app.server;
  expect(requestTimeout).toBe(30_000);
  expect(headersTimeout).toBeLessThan(requestTimeout);
});

test('the server is healthy until it stops', async () => {
  const { statusCode, body } = await world.app.inject({ url: '/healthz' });
  expect([statusCode, body]).toEqual([200, '{"status":"ok"}']);
  const stopping = await createWorld();
  stopping.rt.hub.streams.drain(0);
  const response = await stopping.app.inject({ url: '/healthz' });
  problemOf(response, 'unavailable');
  expect(response.headers['retry-after']).toBe('5');
  await stopping.close();
});

test('metrics are there by name, and name no customer', async () => {
  const { body, headers } = await world.app.inject({ url: '/metrics' });
  expect(headers['content-type']).toContain('text/plain');
  for (const name of [
    'continuo_http_request_duration_seconds_bucket',
    'continuo_events_appended_total{type="message"} 2',
    'continuo_open_streams{reader="customer"} 0',
    'continuo_inbound_queue 0',
    '# TYPE continuo_handoffs_total counter',
    '# TYPE continuo_deliveries_total counter',
    '# TYPE continuo_inbound_total counter',
    '# TYPE continuo_delivery_queue gauge',
    'nodejs_eventloop_lag_seconds',
    'process_cpu_seconds_total',
  ]) {
    expect(body).toContain(name);
  }
  expect(body).not.toContain(world.ours.conversationId);
});

test('the hosted page is the same for every link, and needs a key where there are several sites', async () => {
  const page = await world.app.inject({ url: `/c/${world.ours.channelKey}` });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain(`data-channel="${world.ours.channelKey}"`);
  expect(page.body).not.toContain(world.theirs.channelKey);
  expect((await world.app.inject({ url: `/c/${world.ours.channelKey}?x=1` })).body).toBe(page.body);
  const persian = await world.app.inject({
    url: `/c/${world.ours.channelKey}`,
    headers: { 'accept-language': 'fa-IR,fa;q=0.9,en;q=0.8' },
  });
  expect(persian.body).toMatch(/<html lang="fa" dir="rtl">.*<title>ادامهٔ گفتگوی شما</s);
  expect(page.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
  });
  expect(page.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  problemOf(await world.app.inject({ url: '/c' }), 'not_found');
  problemOf(await world.app.inject({ url: '/c/web_nobody' }), 'not_found');
});

test('on https the browser is told to stay there', async () => {
  const secure = await createWorld({ publicUrl: 'https://chat.example' });
  const { headers } = await secure.app.inject({ url: '/healthz' });
  expect(headers['strict-transport-security']).toContain('max-age=31536000');
  await secure.close();
});

test('the address of the server is in the OpenAPI document', async () => {
  const { body } = await world.app.inject({ url: '/openapi.json' });
  expect(JSON.parse(body)).toMatchObject({ openapi: '3.1.0', servers: [{ url: ORIGIN }] });
});
