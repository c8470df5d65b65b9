/**
 * A restart of the server brings 2,000 customers' devices back within a minute, and not all at once: asked to leave they
 * spread over the time that the server names, and where it dies without a word they do so of their own accord.
 *
 * `CONTINUO_HERD` sets another number of clients.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addBrandOn } from '../support/brand-on.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';
import { type Herd, histogram, perSecond, startHerd } from './herd.ts';

const CLIENTS = Number(process.env.CONTINUO_HERD ?? 2000);
/** Of them, so many write while the server is away. */
const WRITERS = CLIENTS / 100;
const WITHIN_MS = 60_000;

let server: ServerProcess;
let herd: Herd;

beforeAll(async () => {
  server = await createServerProcess(
    { CONTINUO_LOG_LEVEL: 'silent', CONTINUO_RATE_LIMITS: 'false' },
    'source',
  );
  const { channelKey } = await addBrandOn(server);
  await server.start();
  herd = await startHerd({ url: server.url, channelKey }, CLIENTS);
});
afterAll(async () => {
  await herd?.close();
  await server?.dispose();
});

/** What they wrote before, and again while the server was away. */
const said: string[] = ['Hello'];

const expectBack = async (how: string, startedAt: number) => {
  const isBack = async () => (await herd.ask({ type: 'count' })).back.length === CLIENTS;
  while (!(await isBack()) && Date.now() < startedAt + WITHIN_MS) await wait(500);
  const { back } = await herd.ask({ type: 'count' });
  const counts = perSecond(back);
  process.stdout.write(histogram(`${CLIENTS} clients after ${how}, each second`, counts));
  expect(back).toHaveLength(CLIENTS);
  await herd.ask({ type: 'settle' });
  expect(Math.max(...back) - startedAt).toBeLessThan(WITHIN_MS);
  // Two seconds together, because a machine that stands still for one of them puts it on the next.
  const pairs = counts.map((count, second) => count + (counts[second + 1] ?? 0));
  expect(Math.max(...pairs) / 2).toBeLessThanOrEqual(CLIENTS / 10);
};

const expectAllSaid = async () => {
  const { texts } = await herd.ask({ type: 'count' });
  expect(texts).toHaveLength(CLIENTS);
  for (const [index, sent] of texts.entries()) expect(sent).toEqual(index < WRITERS ? said : ['Hello']);
};

const write = async (text: string) => {
  await herd.ask({ type: 'write', clients: WRITERS, text });
  said.push(text);
};

test('told to leave, they come back over the time that the server named', async () => {
  await herd.ask({ type: 'mark' });
  const stoppedAt = Date.now();
  await server.stop();
  await write('Said while it was restarted');
  await server.start();
  await expectBack('a restart', stoppedAt);
  await expectAllSaid();
});

test('after kill -9 they spread by chance alone', async () => {
  await herd.ask({ type: 'mark' });
  const killedAt = Date.now();
  await server.kill();
  await write('Said while it was dead');
  await server.start();
  await expectBack('kill -9', killedAt);
  await expectAllSaid();
});
