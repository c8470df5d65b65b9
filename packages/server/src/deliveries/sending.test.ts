import { afterEach, beforeEach, expect, test } from 'vitest';
import { LEASE_MS } from './claim.ts';
import { planDelivery } from './plan.ts';
import { retryDelivery } from './retry.ts';
import { settle } from './settle.ts';
import { accept, cut, refuse } from './testing/network.ts';
import { createWorld, type World } from './testing/world.ts';

/* How what is due goes out, and what comes of it. */

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const texts = () => world.network.requests.map(({ text }) => text);
const retry = async (conversationId = world.conversationId) => {
  const [row] = await world.rows();
  const deliveryId = row?.id ?? '';
  await world.rt.store.write((tx) => retryDelivery(world.rt, tx, { deliveryId, conversationId }));
};

test('agents are told of each state', async () => {
  const seq = await world.say('Hello');
  await world.work();
  const told = world.signals.flatMap((signal) => (signal.type === 'delivery' ? [signal.delivery] : []));
  expect(told.map(({ state }) => state)).toEqual(['pending', 'sending', 'sent']);
  expect(told.at(-1)).toMatchObject({ seq, channelKind: 'messenger', error: null });
});

test('messages that fit go out as one, those that do not as the next', async () => {
  await world.say('a'.repeat(1500));
  await world.say('b'.repeat(498));
  await world.say('c');
  await world.work();
  expect(texts()).toEqual([`${'a'.repeat(1500)}\n\n${'b'.repeat(498)}`, 'c']);
  const ids = (await world.rows()).map((row) => row.provider_id);
  expect(ids).toEqual(['m_1', 'm_1', 'm_2']);
});

test('a message with choices goes out alone, in its place', async () => {
  const seq = await world.say('before');
  const choices = [{ title: 'Wait', payload: 'wait' }];
  await world.rt.store.write((tx) =>
    planDelivery(world.rt, tx, {
      conversationId: world.conversationId,
      seq: seq + 1000,
      text: 'Choose',
      choices,
    }),
  );
  world.rt.pass(1);
  await world.say('after');
  await world.work();
  expect(world.network.requests).toMatchObject([
    { text: 'before', choices: [] },
    { text: 'Choose', choices: ['wait'] },
    { text: 'after', choices: [] },
  ]);
});

test('nothing overtakes what is being sent', async () => {
  await world.say('one');
  const claims = await world.claim();
  expect(claims).toHaveLength(1);
  await world.say('two');
  expect(await world.claim()).toEqual([]);
});

test('nothing overtakes what waits for another try; what failed or is unknown keeps nothing back', async () => {
  world.network.answer = () => refuse(613);
  await world.say('one');
  await world.work();
  await world.say('two');
  await world.work();
  expect(texts()).toEqual(['one']);
  world.network.answer = () => cut('ECONNRESET');
  world.rt.pass(10_000);
  await world.work();
  expect(texts()).toEqual(['one', 'one\n\ntwo']);
  world.network.answer = (_request, id) => accept(id);
  await world.say('three');
  await world.work();
  expect(texts()).toEqual(['one', 'one\n\ntwo', 'three']);
});

test('one customer who waits keeps nobody else back', async () => {
  world.network.answer = (request, id) => (request.to === 'person_24' ? refuse(613) : accept(id));
  const other = await world.meet('25');
  await world.say('one');
  await world.say('two', other.conversationId);
  await world.work();
  expect(await world.states(other.conversationId)).toEqual([expect.stringMatching(/:sent$/)]);
});

test('many customers who wait keep nobody else back', async () => {
  world.network.answer = (request, id) => (request.to === 'person_last' ? accept(id) : refuse(613));
  for (let n = 0; n < 60; n += 1) {
    const { conversationId } = await world.meet(`n${n}`);
    await world.say('one', conversationId);
    await world.work();
    await world.say('two', conversationId);
  }
  const last = await world.meet('last');
  await world.say('three', last.conversationId);
  await world.work();
  expect(await world.states(last.conversationId)).toEqual([expect.stringMatching(/:sent$/)]);
});

test('tries again when the network says so, not before, and gives up in the end', async () => {
  world.network.answer = () => refuse(613, 0, { 'retry-after': '120' });
  await world.say('Hello');
  await world.work();
  expect(await world.rows()).toMatchObject([
    { state: 'pending', attempts: 1, error: expect.stringContaining('rate_limited') },
  ]);
  world.rt.pass(119_999);
  expect(await world.work()).toBe(0);
  for (let count = 0; count < 30; count += 1) {
    world.rt.pass(300_000);
    await world.work();
  }
  expect(world.network.requests).toHaveLength(10);
  expect(await world.rows()).toMatchObject([
    { state: 'failed', error: expect.stringContaining('rate_limited') },
  ]);
});

test('what the network certainly refuses has failed, and says why', async () => {
  world.network.answer = () => refuse(551);
  await world.say('Hello');
  await world.work();
  world.rt.pass(600_000);
  await world.work();
  expect(world.network.requests).toHaveLength(1);
  expect(world.signals.at(-1)).toMatchObject({
    type: 'delivery',
    delivery: { state: 'failed', error: { code: 'blocked' } },
  });
});

test('what may have arrived is shown as unknown, and never repeated unasked', async () => {
  world.network.answer = () => cut('ECONNRESET');
  await world.say('Hello');
  await world.work();
  world.rt.pass(86_400_000 / 2);
  await world.work();
  expect(world.network.requests).toHaveLength(1);
  expect(await world.rows()).toMatchObject([{ state: 'unknown' }]);

  world.network.answer = (_request, id) => accept(id);
  await retry();
  await world.work();
  expect(world.network.requests).toHaveLength(2);
  expect(await world.rows()).toMatchObject([{ state: 'sent', attempts: 1, error: null }]);
});

test('a claim whose process ended becomes unknown when its lease runs out', async () => {
  await world.say('Hello');
  await world.claim();
  world.rt.pass(LEASE_MS);
  expect(await world.claim()).toEqual([]);
  expect(await world.rows()).toMatchObject([{ state: 'sending' }]);
  world.rt.pass(1);
  expect(await world.claim()).toEqual([]);
  expect(await world.rows()).toMatchObject([{ state: 'unknown' }]);
});

test('an answer that comes after the lease still counts', async () => {
  await world.say('Hello');
  const [claim] = await world.claim();
  if (!claim) throw new Error('nothing was claimed');
  world.rt.pass(LEASE_MS + 1);
  await world.claim();
  await world.rt.store.write((tx) =>
    settle(world.rt, tx, { claim, result: { outcome: 'sent', messageId: 'm_late' } }),
  );
  expect(await world.rows()).toMatchObject([{ state: 'sent', provider_id: 'm_late' }]);
});

test('an answer to a claim that is no longer the last changes nothing', async () => {
  await world.say('Hello');
  const [claim] = await world.claim();
  if (!claim) throw new Error('nothing was claimed');
  world.rt.pass(LEASE_MS + 1);
  await world.claim();
  await retry();
  await world.claim();
  const refused = { outcome: 'failed', error: { code: 'blocked', message: 'No' }, retry: false } as const;
  await world.rt.store.write((tx) => settle(world.rt, tx, { claim, result: refused }));
  expect(await world.rows()).toMatchObject([{ state: 'sending' }]);
});

test('a window that closed before it went out is found before sending', async () => {
  world.network.answer = () => refuse(613);
  await world.say('Hello');
  await world.work();
  world.rt.pass(86_400_000);
  expect(await world.claim()).toEqual([]);
  expect(world.network.requests).toHaveLength(1);
  expect(await world.rows()).toMatchObject([
    { state: 'failed', error: expect.stringContaining('window_closed') },
  ]);
});

test('between 24 hours and 7 days it goes out with the tag, where Meta granted it', async () => {
  const settings = JSON.stringify({ humanAgent: true });
  await world.rt.store.write((tx) => tx.db.updateTable('workspaces').set({ settings }).execute());
  world.rt.pass(86_400_000);
  await world.say('A day later');
  await world.work();
  expect(world.network.requests).toMatchObject([{ text: 'A day later', tag: 'HUMAN_AGENT' }]);
});

test('a reply is refused when no window is open and the customer is not on the web', async () => {
  const wrote = world.rt.now() - world.rt.config.followDelayMs;
  world.rt.pass(86_400_000);
  await expect(world.say('Too late')).rejects.toMatchObject({
    code: 'window_closed',
    details: { until: wrote + 86_400_000 },
  });
  expect(await world.rows()).toEqual([]);
  world.web(true);
  const seq = await world.say('On the page you get it');
  expect(await world.states()).toEqual([`${seq}:held`]);
  world.web(false);
  world.rt.pass(15_000);
  await world.work();
  expect(world.network.requests).toEqual([]);
  expect(await world.rows()).toMatchObject([
    { state: 'failed', error: expect.stringContaining('window_closed') },
  ]);
});

test('who has no network has it on the web alone', async () => {
  await world.rt.store.write(async (tx) => {
    await tx.db.updateTable('channels').set({ kind: 'web' }).execute();
    await expect(
      planDelivery(world.rt, tx, { conversationId: world.conversationId, seq: 1, text: 'Hello' }),
    ).resolves.toBe('web_only');
  });
  expect(await world.rows()).toEqual([]);
});

test('only what failed or is unknown is repeated, of this conversation, through an open window', async () => {
  await world.say('Hello');
  await expect(retry()).rejects.toMatchObject({ code: 'conflict' });
  await world.work();
  await expect(retry()).rejects.toMatchObject({ code: 'conflict' });
  const other = await world.meet('25');
  await world.happen({ type: 'lease_ended' });
  await expect(retry(other.conversationId)).rejects.toMatchObject({ code: 'not_found' });
});

test('a channel that cannot be opened fails its messages, and only those', async () => {
  await world.say('Hello');
  const config = 'v1.broken';
  await world.rt.store.write((tx) => tx.db.updateTable('channels').set({ config }).execute());
  await world.work();
  expect(await world.rows()).toMatchObject([
    { state: 'failed', error: expect.stringContaining('unauthorized') },
  ]);
});

test('content that cannot be opened fails its message, and keeps nothing back', async () => {
  const seq = await world.say('Hello');
  await world.rt.store.write((tx) => tx.db.updateTable('deliveries').set({ content: 'v1.broken' }).execute());
  await world.say('Next');
  await world.work();
  expect(texts()).toEqual(['Next']);
  expect((await world.states())[0]).toBe(`${seq}:failed`);
});
