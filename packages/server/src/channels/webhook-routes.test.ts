import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBareApp } from '../http/app.ts';
import { addPage, bodyOf, createPage, PAGE, type Page, says, sign } from './testing/messenger.ts';
import { webhookRoutes } from './webhook-routes.ts';

let page: Page;
let app: FastifyInstance;
beforeEach(async () => {
  page = await createPage();
  app = await createBareApp(page.rt);
  await app.register(webhookRoutes(page.rt));
});
afterEach(async () => {
  await app.close();
  await page.close();
});

const post = (body: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/webhooks/messenger',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
const signed = (body: string, secret?: string) => post(body, { 'x-hub-signature-256': sign(body, secret) });
const stored = () => page.rt.store.db.selectFrom('inbound').selectAll().orderBy('id').execute();

test("Meta's check of the address is answered with the challenge", async () => {
  const check = (token: string) =>
    app.inject({
      url: '/v1/webhooks/messenger',
      query: { 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '1158201444' },
    });
  const answer = await check(PAGE.verifyToken);
  expect(answer).toMatchObject({ statusCode: 200, body: '1158201444' });
  expect(answer.headers['content-type']).toContain('text/plain');
  expect((await check('wrong')).statusCode).toBe(401);
});

test('a signed webhook is on disk before it is answered', async () => {
  const answer = await signed(bodyOf(PAGE.id, says('24', 'm_1', 'Hello'), says('25', 'm_2', 'Hi')));
  expect(answer).toMatchObject({ statusCode: 200, body: 'EVENT_RECEIVED' });
  expect(await stored()).toMatchObject([
    { channel_id: page.channel.id, external_id: 'message:m_1', sender: '24', processed_at: null },
    { channel_id: page.channel.id, external_id: 'message:m_2', sender: '25', processed_at: null },
  ]);
});

test('the signature is over the bytes as they came', async () => {
  const body = bodyOf(PAGE.id, says('24', 'm_1', 'x')).replace('"x"', String.raw`"\u0633\u0644 https:\/\/a"`);
  expect((await signed(body)).statusCode).toBe(200);
  expect((await stored()).map(({ payload }) => JSON.parse(payload).text)).toEqual(['سل https://a']);
});

test.each([
  'application/json',
  'text/plain',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
])('a body of type %s is taken as it is', async (type) => {
  const body = bodyOf(PAGE.id, says('24', 'm_1'));
  const answer = await post(body, { 'content-type': type, 'x-hub-signature-256': sign(body) });
  expect(answer.statusCode).toBe(200);
});

test('a wrong or missing signature is refused, and nothing is stored', async () => {
  const body = bodyOf(PAGE.id, says('24', 'm_1'));
  const other = bodyOf(PAGE.id, says('24', 'm_2'));
  const refused = [
    await post(body),
    await signed(body, 'not the secret'),
    await post(body, { 'x-hub-signature-256': sign(other) }),
    await post(`${body} `, { 'x-hub-signature-256': sign(body) }),
  ];
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401]);
  expect(await stored()).toEqual([]);
});

test('an account that is not ours looks the same as a wrong signature', async () => {
  const unknown = await signed(bodyOf('9999', says('24', 'm_1')));
  const wrong = await signed(bodyOf(PAGE.id, says('24', 'm_1')), 'not the secret');
  expect(unknown.statusCode).toBe(wrong.statusCode);
  expect(unknown.body).toBe(wrong.body);
});

test('of two accounts in one body both must have signed it', async () => {
  await addPage(page.rt, { id: '7002', appSecret: 'another', verifyToken: 'v' });
  const entry = (id: string, mid: string) => ({ id, time: 1, messaging: [says('24', mid)] });
  const body = JSON.stringify({ object: 'page', entry: [entry(PAGE.id, 'm_1'), entry('7002', 'm_2')] });
  expect((await signed(body)).statusCode).toBe(401);
  expect((await signed(body, 'another')).statusCode).toBe(401);
  expect(await stored()).toEqual([]);
});

test('events of an account that is not ours are dropped from a body that is', async () => {
  const entry = (id: string, mid: string) => ({ id, time: 1, messaging: [says('24', mid)] });
  const body = JSON.stringify({ object: 'page', entry: [entry('9999', 'm_1'), entry(PAGE.id, 'm_2')] });
  expect((await signed(body)).statusCode).toBe(200);
  expect((await stored()).map(({ external_id: id }) => id)).toEqual(['message:m_2']);
});

test('a repetition is answered like the first and stored once, within one body too', async () => {
  const body = bodyOf(PAGE.id, says('24', 'm_1'), says('24', 'm_1'));
  expect((await signed(body)).statusCode).toBe(200);
  expect((await signed(body)).statusCode).toBe(200);
  expect(await stored()).toHaveLength(1);
});

test('unknown and malformed events are counted and not stored; the others are', async () => {
  const odd = { sender: { id: '24' }, recipient: { id: PAGE.id }, timestamp: 1, reaction: { mid: 'm' } };
  const answer = await signed(bodyOf(PAGE.id, odd, { message: {} }, says('24', 'm_1')));
  expect(answer.statusCode).toBe(200);
  expect(await stored()).toHaveLength(1);
  const counted = await page.rt.metrics.text();
  expect(counted).toContain('continuo_inbound_total{channel="messenger",type="ignored:reaction"} 1');
  expect(counted).toContain('continuo_inbound_total{channel="messenger",type="ignored:malformed"} 1');
});

test('what is no body of a Page is a bad request, and a network that nobody speaks is not there', async () => {
  expect((await signed('{"object":')).statusCode).toBe(400);
  expect((await signed('{"object":"instagram","entry":[]}')).statusCode).toBe(400);
  expect((await signed('{"object":"page","entry":[]}')).statusCode).toBe(401);
  expect((await app.inject({ method: 'POST', url: '/v1/webhooks/web', body: '{}' })).statusCode).toBe(404);
  expect((await app.inject({ url: '/v1/webhooks/nowhere' })).statusCode).toBe(404);
});

test('a body beyond a megabyte is refused', async () => {
  const body = bodyOf(PAGE.id, says('24', 'm_1', 'x'.repeat(1_048_576)));
  expect((await signed(body)).statusCode).toBe(413);
});

test('a store that cannot write is told to Meta, which sends again', async () => {
  Object.assign(page.rt, {
    store: { ...page.rt.store, write: () => Promise.reject(new Error('the disk is full')) },
  });
  expect((await signed(bodyOf(PAGE.id, says('24', 'm_1')))).statusCode).toBe(500);
});
