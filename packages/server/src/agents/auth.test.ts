import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, PASSWORD, problemOf, type World } from '../http/testing/world.ts';
import { startStopwatch } from '../testing/stopwatch.ts';
import { createAccounts } from './accounts.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const signIn = (to: World, body: object, headers: Record<string, string> = {}) =>
  to.app.inject({ method: 'POST', url: '/v1/auth/sign-in/email', payload: body, headers });

test('on http the cookie is HttpOnly and Lax, for 12 hours', async () => {
  const response = await signIn(world, { email: 'INES@ours.example', password: PASSWORD });
  expect(response.statusCode).toBe(204);
  expect(response.cookies).toEqual([
    {
      name: 'continuo.session_token',
      value: expect.any(String),
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: 43_200,
    },
  ]);
});

test('on https it is of this host alone', async () => {
  const secure = await createWorld({ publicUrl: 'https://chat.example' });
  const response = await signIn(secure, { email: secure.ours.email, password: PASSWORD });
  expect(response.cookies).toEqual([
    expect.objectContaining({
      name: '__Host-continuo.session_token',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
    }),
  ]);
  const me = await secure.inject({ url: '/v1/inbox/me', headers: { cookie: secure.ours.cookie } });
  expect(me.statusCode).toBe(200);
  await secure.close();
});

test('an unknown address and a wrong password look the same', async () => {
  const wrong = await signIn(world, { email: world.ours.email, password: 'not the password' });
  const unknown = await signIn(world, { email: 'nobody@ours.example', password: PASSWORD });
  problemOf(wrong, 'unauthorized');
  expect(wrong.body).toBe(unknown.body);
  expect(wrong.cookies).toEqual([]);
});

test.each(['sign-up/email', 'get-session', 'update-user', 'change-password', 'list-sessions'])(
  'there is no %s',
  async (path) => {
    const url = `/v1/auth/${path}`;
    const payload = { email: 'new@ours.example', password: PASSWORD, name: 'New' };
    problemOf(await world.inject({ method: 'POST', url, payload }), 'not_found');
    problemOf(await world.inject({ url }), 'not_found');
  },
);

test("another site's page can do nothing, ours can", async () => {
  const evil = { origin: 'https://evil.example' };
  const credentials = { email: world.ours.email, password: PASSWORD };
  problemOf(await signIn(world, credentials, evil), 'forbidden');
  const presence = (origin: string) =>
    world.inject({
      method: 'PUT',
      url: '/v1/inbox/presence',
      headers: { cookie: world.ours.cookie, origin, host: 'chat.lan:4400' },
      payload: { status: 'online' },
    });
  problemOf(await presence('https://evil.example'), 'forbidden');
  problemOf(await presence('null'), 'forbidden');
  expect((await presence('http://localhost:4400')).statusCode).toBe(204);
  expect((await presence('http://chat.lan:4400')).statusCode).toBe(204);
});

test('after signing out the cookie is worth nothing, and the open stream ends within a second', async () => {
  const [cookie] = (await signIn(world, { email: world.ours.email, password: PASSWORD })).cookies;
  const headers = { cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}` };
  await world.app.listen({ port: 0 });
  const stream = await openStream(world, headers);
  expect(stream.connected()).toBe(true);

  const stop = startStopwatch();
  const response = await world.app.inject({ method: 'POST', url: '/v1/auth/sign-out', headers });
  expect(response.statusCode).toBe(204);
  const { name } = cookie ?? {};
  expect(response.cookies).toContainEqual(expect.objectContaining({ name, value: '', maxAge: 0 }));
  expect(await stream.ended).toContain('{"type":"ended"}');
  expect(stop()).toBeLessThan(1000);
  problemOf(await world.inject({ url: '/v1/inbox/me', headers }), 'unauthorized');
  const me = await world.inject({ url: '/v1/inbox/me', headers: { cookie: world.ours.cookie } });
  expect(me.statusCode).toBe(200);
});

test('an open stream ends within a second when its session is gone, whoever took it away', async () => {
  const [cookie] = (await signIn(world, { email: world.ours.email, password: PASSWORD })).cookies;
  const headers = { cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}` };
  if (!world.app.server.listening) await world.app.listen({ port: 0 });
  const stream = await openStream(world, headers);
  const stop = startStopwatch();
  await world.rt.store.write(async ({ db }) => {
    await db.executeQuery(change('delete from auth_sessions where token = ?', tokenOf(cookie)));
  });
  expect(await stream.ended).toContain('{"type":"ended"}');
  expect(stop()).toBeLessThan(1000);
});

test('sessions whose time is over are forgotten, and no other', async () => {
  const [cookie] = (await signIn(world, { email: world.ours.email, password: PASSWORD })).cookies;
  const count = async () =>
    (await sql<object>`select id from auth_sessions`.execute(world.rt.store.db)).rows.length;
  const before = await count();
  const accounts = createAccounts(world.rt);
  await accounts.forgetEnded();
  expect(await count()).toBe(before);
  await world.rt.store.write(async ({ db }) => {
    await db.executeQuery(expire(tokenOf(cookie)));
  });
  await accounts.forgetEnded();
  expect(await count()).toBe(before - 1);
});

test('a session ends after 12 hours', async () => {
  const [cookie] = (await signIn(world, { email: world.ours.email, password: PASSWORD })).cookies;
  const headers = { cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}` };
  const get = () => world.inject({ url: '/v1/inbox/me', headers });
  expect((await get()).statusCode).toBe(200);
  await world.rt.store.write(async ({ db }) => {
    await db.executeQuery(expire(tokenOf(cookie)));
  });
  problemOf(await get(), 'unauthorized');
});

test('signing in is limited to 10 a minute and address', async () => {
  const limited = await createWorld({ rateLimits: true });
  const tries = [];
  for (let count = 0; count < 9; count += 1) {
    tries.push((await signIn(limited, { email: 'x@y', password: 'wrong' })).statusCode);
  }
  expect(tries).toContain(401);
  const refused = await signIn(limited, { email: limited.ours.email, password: PASSWORD });
  const problem = problemOf(refused, 'rate_limited');
  expect(problem.retryAfter).toBeGreaterThan(0);
  expect(refused.headers['retry-after']).toBe(String(problem.retryAfter));
  await limited.close();
});

const tokenOf = (cookie: { value: string } | undefined): string =>
  decodeURIComponent(cookie?.value ?? '').split('.')[0] ?? '';

const change = (statement: string, ...parameters: string[]) => CompiledQuery.raw(statement, parameters);

const expire = (token: string) =>
  change(
    'update auth_sessions set expiresAt = ? where token = ?',
    new Date(Date.now() - 1000).toISOString(),
    token,
  );

/** Opens the inbox's stream over a socket; `ended` gives what it said once it is over. */
function openStream({ app }: World, headers: Record<string, string>) {
  const address: AddressInfo | string | null = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { promise, resolve, reject } = Promise.withResolvers<{
    connected(): boolean;
    ended: Promise<string>;
  }>();
  const request = httpRequest(
    { port, path: '/v1/inbox/signals', headers: { ...headers, 'continuo-version': '1' } },
    (response) => {
      const over = Promise.withResolvers<string>();
      let said = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        said += text;
      });
      response.on('end', () => over.resolve(said));
      response.on('error', over.reject);
      resolve({ connected: () => response.statusCode === 200, ended: over.promise });
    },
  );
  request.on('error', reject);
  request.end();
  return promise;
}
