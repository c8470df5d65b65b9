import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createBareApp } from './app.ts';
import { createWorld, problemOf } from './testing/world.ts';

test('an address has its limit on every route, whatever credentials it makes up', async () => {
  const world = await createWorld({ rateLimits: true });
  const say = () =>
    world.inject({
      method: 'POST',
      url: '/v1/conversations/cnv_x/messages',
      headers: { authorization: `DPoP ${randomBytes(32).toString('base64url')}` },
      payload: { clientId: 'client-0001', text: 'Let me in' },
    });
  let answer = await say();
  expect(answer.statusCode).toBe(401);
  for (let n = 0; n < 1200 && answer.statusCode === 401; n += 1) answer = await say();
  expect(problemOf(answer, 'rate_limited').retryAfter).toBeGreaterThan(0);
  expect((await world.inject({ url: '/healthz' })).statusCode).toBe(200);
  await world.close();
});

test('behind a proxy an address is what the proxy saw, and not what the client claims', async () => {
  const world = await createWorld({ trustProxy: true });
  const app = await createBareApp(world.rt);
  app.get('/address', async (request) => request.ip);
  const headers = { 'x-forwarded-for': '6.6.6.6, 10.0.0.9' };
  expect((await app.inject({ url: '/address', headers })).body).toBe('10.0.0.9');
  await app.close();
  await world.close();
});
