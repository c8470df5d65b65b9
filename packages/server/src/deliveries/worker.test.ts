import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../testing/until.ts';
import { createWorld, type World } from './testing/world.ts';
import { createDeliveryWorker } from './worker.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

test('what falls due while the worker looks for what is due goes out now, not after its rest', async () => {
  const { rt, network } = world;
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
  await until(() => expect(network.requests.map(({ text }) => text)).toEqual(['Hello']));
  await worker.close();
});
