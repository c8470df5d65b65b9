import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ContinuoError } from '../errors.ts';
import { installOverload } from './overload.ts';

const MAX = 3;

let app = Fastify();
/** Ends each request under way, in the order they came. */
let ends: ((error?: Error) => void)[];

beforeEach(async () => {
  app = Fastify();
  ends = [];
  installOverload(app, MAX);
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof ContinuoError ? 503 : 500).send({ retryAfter: 2 }),
  );
  const work = () =>
    new Promise<object>((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve({})));
    });
  app.post('/work', work);
  app.get('/healthz', async () => ({}));
  app.get('/v1/conversations/:id/events', work);
  await app.ready();
});
afterEach(() => app.close());

const post = () => app.inject({ method: 'POST', url: '/work', payload: {} });
/** So many are being worked on. */
const under = (count: number) => expect.poll(() => ends.length, { timeout: 10_000 }).toBe(count);

test('what there is no room for is refused, and taken when there is room again', async () => {
  const first = Array.from({ length: MAX }, post);
  await under(MAX);
  expect((await post()).statusCode).toBe(503);
  expect((await app.inject('/healthz')).statusCode).toBe(200);
  ends[0]?.();
  expect((await first[0])?.statusCode).toBe(200);
  const next = post();
  await under(MAX + 1);
  ends[1]?.(new Error('it failed'));
  expect((await first[1])?.statusCode).toBe(500);
  const last = post();
  await under(MAX + 2);
  expect((await post()).statusCode).toBe(503);
  for (const end of ends) end();
  await Promise.all([...first, next, last]);
});

test('a refused request frees no room that it never had', async () => {
  const first = Array.from({ length: MAX }, post);
  await under(MAX);
  for (let round = 0; round < 5; round += 1) expect((await post()).statusCode).toBe(503);
  for (const end of ends.splice(0)) end();
  await Promise.all(first);
  const again = Array.from({ length: MAX }, post);
  await under(MAX);
  expect((await post()).statusCode).toBe(503);
  for (const end of ends) end();
  await Promise.all(again);
});

test('open streams take no room', async () => {
  const streams = Array.from({ length: 2 * MAX }, () => app.inject('/v1/conversations/cnv_x/events'));
  await under(2 * MAX);
  const working = post();
  await under(2 * MAX + 1);
  for (const end of ends) end();
  expect((await working).statusCode).toBe(200);
  await Promise.all(streams);
});
