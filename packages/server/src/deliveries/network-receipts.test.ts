import type { InboundDelivered, InboundEcho, InboundRead } from '@continuo/channels';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowOf } from '../conversations/testing/story.ts';
import { LEASE_MS } from './claim.ts';
import { noteDelivered, noteEcho, noteRead } from './network-receipts.ts';
import { retryDelivery } from './retry.ts';
import { cut } from './testing/network.ts';
import { createWorld, type World } from './testing/world.ts';

/* What a network tells of our messages. */

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const about = () => ({ channelId: world.channel.id, identityId: world.identityId });
const base = () => ({ externalId: 'x', from: '24', at: world.rt.now() });

const echo = (messageId: string, metadata: string | null, at = world.rt.now()) => {
  const event: InboundEcho = {
    ...base(),
    at,
    type: 'echo',
    messageId,
    text: 'Hello',
    attachments: [],
    metadata,
  };
  return world.rt.store.write((tx) => noteEcho(world.rt, tx, { ...about(), event }));
};
const delivered = (messageIds: string[], watermark: number | null = null) => {
  const event: InboundDelivered = { ...base(), type: 'delivered', messageIds, watermark };
  return world.rt.store.write((tx) => noteDelivered(world.rt, tx, { ...about(), event }));
};
const read = (watermark: number) => {
  const event: InboundRead = { ...base(), type: 'read', watermark };
  return world.rt.store.write((tx) => noteRead(world.rt, tx, { ...about(), event }));
};
const positions = async () => (await rowOf(world.rt, world.conversationId)).customer_read;

test('sent, delivered, read: the customer has then seen it', async () => {
  const seq = await world.say('Hello');
  await world.work();
  await delivered(['m_1']);
  expect(await world.states()).toEqual([`${seq}:delivered`]);
  await read(world.rt.now());
  expect(await world.states()).toEqual([`${seq}:read`]);
  expect(await positions()).toBe(seq);
});

test('a watermark speaks of what was sent up to it, and of nothing later', async () => {
  const first = await world.say('one');
  await world.work();
  const watermark = world.rt.now();
  world.rt.pass(1000);
  const second = await world.say('two');
  await world.work();
  await delivered([], watermark);
  expect(await world.states()).toEqual([`${first}:delivered`, `${second}:sent`]);
  await read(watermark);
  expect(await world.states()).toEqual([`${first}:read`, `${second}:sent`]);
  expect(await positions()).toBe(first);
});

test("watermarks are held against the network's own clock, where an echo told it", async () => {
  const seq = await world.say('Hello');
  await world.work();
  await echo('m_1', null, world.rt.now() - 5000);
  await read(world.rt.now() - 4000);
  expect(await world.states()).toEqual([`${seq}:read`]);
});

test('what comes late changes nothing', async () => {
  const seq = await world.say('Hello');
  await world.work();
  await read(world.rt.now());
  await delivered(['m_1']);
  await echo('m_1', null);
  expect(await world.states()).toEqual([`${seq}:read`]);
});

test('what was read on the network is not taken for a sight of what has yet to reach the customer', async () => {
  const first = await world.say('on the network');
  await world.work();
  world.web(true);
  const held = await world.say('on the web, not seen');
  world.web(false);
  // Beside the one that waits, something went straight to the network and was read there.
  const later = await world.say('straight to the network');
  await world.rt.store.write(async (tx) => {
    const sent = { state: 'sent', sent_at: world.rt.now() } as const;
    await tx.db.updateTable('deliveries').set(sent).where('seq', '=', later).execute();
  });
  await read(world.rt.now());
  expect(await world.states()).toEqual([`${first}:read`, `${held}:held`, `${later}:read`]);
  expect(await positions()).toBe(first);
});

test('an echo resolves what was unknown, under the claim or under the id', async () => {
  const seq = await world.say('Hello');
  world.network.answer = () => cut('ECONNRESET');
  await world.work();
  expect(await world.states()).toEqual([`${seq}:unknown`]);
  const metadata = world.network.requests[0]?.metadata ?? '';
  expect(await echo('m_77', metadata)).toBe('done');
  expect(await world.rows()).toMatchObject([{ state: 'sent', provider_id: 'm_77', error: null }]);
  expect(await echo('m_77', null)).toBe('done');
});

test('an echo of a batch is an echo of each message in it', async () => {
  await world.say('one');
  await world.say('two');
  world.network.answer = () => cut('ECONNRESET');
  await world.work();
  await echo('m_5', world.network.requests[0]?.metadata ?? '');
  expect((await world.rows()).map(({ state, provider_id }) => [state, provider_id])).toEqual([
    ['sent', 'm_5'],
    ['sent', 'm_5'],
  ]);
});

test('an echo that comes before the answer counts, and the answer changes nothing', async () => {
  await world.say('Hello');
  world.network.answer = async (request) => {
    await echo('m_1', request.metadata);
    return cut('ECONNRESET');
  };
  await world.work();
  expect(await world.rows()).toMatchObject([{ state: 'sent', provider_id: 'm_1' }]);
});

test('an echo of the first try calls off the second that an agent asked for', async () => {
  await world.say('Hello');
  world.network.answer = () => cut('ECONNRESET');
  await world.work();
  const [row] = await world.rows();
  await world.rt.store.write((tx) =>
    retryDelivery(world.rt, tx, { deliveryId: row?.id ?? '', conversationId: world.conversationId }),
  );
  await echo('m_1', world.network.requests[0]?.metadata ?? '');
  await world.work();
  expect(world.network.requests).toHaveLength(1);
  expect(await world.rows()).toMatchObject([{ state: 'sent' }]);
});

test('an echo of ours that we no longer know is still ours', async () => {
  expect(await echo('m_old', 'continuo:gone')).toBe('done');
});

test('an echo without metadata is a foreign one, unless something is being sent right now', async () => {
  expect(await echo('m_x', null)).toBe('foreign');
  expect(await echo('m_x', 'another app')).toBe('foreign');
  await world.say('Hello');
  await world.claim();
  expect(await echo('m_x', null)).toBe('later');
  expect(await delivered(['m_x'])).toBe('later');
  world.rt.pass(LEASE_MS + 1);
  await world.claim();
  expect(await echo('m_x', null)).toBe('foreign');
});
