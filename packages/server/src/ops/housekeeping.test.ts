import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDevice } from '../sessions/testing/device.ts';
import { createWorld, DAY, HOUR, type World } from '../sessions/testing/world.ts';
import { until } from '../testing/until.ts';
import { createHousekeeping } from './housekeeping.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const countSessions = async (): Promise<number> =>
  (await world.rt.store.db.selectFrom('sessions').select('id').execute()).length;

const sweep = async (forgetEnded = async () => {}): Promise<void> => {
  const worker = createHousekeeping(world.rt, { forgetEnded });
  worker.start();
  await worker.close();
};

test('a session is forgotten 30 days after its end, and not before', async () => {
  await world.open(await createDevice());
  world.pass(44 * DAY - HOUR);
  await sweep();
  expect(await countSessions()).toBe(1);
  world.pass(2 * HOUR);
  await sweep();
  expect(await countSessions()).toBe(0);
});

test('many go in bounded batches, and agents’ sessions after them', async () => {
  const { conversationId, customer } = await world.open(await createDevice());
  await world.rt.store.write(async ({ db }) => {
    const old = { created_at: 0, last_used_at: 0, expires_at: 1, revoked_at: null, visible_after: 0 };
    const whose = { workspace_id: 'wsp_1', customer_id: customer.id, conversation_id: conversationId };
    for (let n = 0; n < 600; n += 1) {
      await db
        .insertInto('sessions')
        .values({
          ...old,
          ...whose,
          id: `ses_${n}`,
          token_hash: `${n}`,
          key_thumbprint: 'key',
          identity_id: null,
          handoff_id: null,
        })
        .execute();
    }
  });
  const left: number[] = [];
  const forgetEnded = async () => {
    left.push(await countSessions());
  };
  const worker = createHousekeeping(world.rt, { forgetEnded });
  worker.start();
  await until(() => expect(left).toEqual([1]));
  await worker.close();
});
