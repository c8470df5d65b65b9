import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../testing/until.ts';
import { accept } from './testing/network.ts';
import { createWorld, type World } from './testing/world.ts';
import { createDeliveryWorker } from './worker.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const texts = () => world.network.requests.map(({ text }) => text);

test('what falls due while the worker looks for what is due goes out now, not after its rest', async () => {
  const { rt } = world;
  await world.say('Hello');
  const soon = { next_at: rt.now() + 1 };
  await rt.store.write((tx) => tx.db.updateTable('deliveries').set(soon).execute());
  // First it looks for leases that ran out, then for what is due.
  let looks = 0;
  rt.store.db = rt.store.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      looks += 1;
      if (looks === 2) rt.pass(1);
      return result;
    },
  });
  const worker = createDeliveryWorker(rt);
  worker.start();
  await until(() => expect(texts()).toEqual(['Hello']));
  await worker.close();
});

test('the worker sends what is planned while it runs, and what was due before it started', async () => {
  await world.say('before');
  const worker = createDeliveryWorker(world.rt);
  worker.start();
  await until(() => expect(texts()).toEqual(['before']));
  await until(async () => expect((await world.rows())[0]?.state).toBe('sent'));
  await world.say('after');
  await until(() => expect(texts()).toEqual(['before', 'after']));
  await worker.close();
  expect((await world.rows()).map(({ state }) => state)).toEqual(['sent', 'sent']);
});

test('a worker that closes waits for the answer to what it sent, and sends nothing more', async () => {
  let answer: (response: Response) => void = () => {};
  world.network.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const worker = createDeliveryWorker(world.rt);
  worker.start();
  await world.say('last');
  await until(() => expect(texts()).toEqual(['last']));
  const closed = worker.close();
  await world.say('never');
  answer(accept('m_1'));
  await closed;
  expect((await world.rows()).map(({ state }) => state)).toEqual(['sent', 'pending']);
});
