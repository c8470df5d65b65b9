import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDue } from './claim.ts';
import { planDelivery } from './plan.ts';
import { cut } from './testing/network.ts';
import { createWorld, type World } from './testing/world.ts';

/* When a reply goes to the network, and when it stays on the web. */

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const texts = () => world.network.requests.map(({ text }) => text);

test('a reply to a customer who is not on the web goes out at once', async () => {
  await world.say('Hello');
  await world.work();
  expect(texts()).toEqual(['Hello']);
  expect(world.network.requests[0]).toMatchObject({ to: 'person_24', tag: null });
});

test('a reply to a customer on the page waits, and is done once they have seen it there', async () => {
  world.web(true);
  const seq = await world.say('On the web');
  expect(await world.states()).toEqual([`${seq}:held`]);
  world.rt.pass(15_000);
  await world.work();
  expect(await world.states()).toEqual([`${seq}:held`]);
  await world.readOnWeb(seq);
  world.rt.pass(15_000);
  await world.work();
  expect(await world.states()).toEqual([`${seq}:web`]);
  expect(texts()).toEqual([]);
});

test('a reply follows the customer who leaves without having seen it, after the follow delay', async () => {
  world.web(true);
  await world.say('Too late');
  world.rt.pass(4000);
  world.web(false);
  world.rt.pass(14_999);
  await world.work();
  expect(texts()).toEqual([]);
  world.rt.pass(1);
  await world.work();
  expect(texts()).toEqual(['Too late']);
});

test('a customer who comes back in time sees it on the web alone', async () => {
  world.web(true);
  world.web(false);
  const seq = await world.say('Wait for it');
  world.rt.pass(14_000);
  world.web(true);
  world.rt.pass(1000);
  await world.work();
  await world.readOnWeb(seq);
  world.web(false);
  world.rt.pass(60_000);
  await world.work();
  expect(texts()).toEqual([]);
  expect(await world.states()).toEqual([`${seq}:web`]);
});

test('who left the page long ago counts as away', async () => {
  world.web(true);
  world.web(false);
  world.rt.pass(15_000);
  await world.say('Hello again');
  await world.work();
  expect(texts()).toEqual(['Hello again']);
});

test('who has written on the network since they left the page is answered there at once', async () => {
  world.web(true);
  world.web(false);
  world.rt.pass(1000);
  const wrote = { last_inbound_at: world.rt.now() };
  await world.rt.store.write((tx) => tx.db.updateTable('identities').set(wrote).execute());
  await world.say('Here then');
  await world.work();
  expect(texts()).toEqual(['Here then']);
});

test('replies that follow go out together, in order', async () => {
  world.web(true);
  await world.say('one');
  await world.say('two');
  world.web(false);
  world.rt.pass(10_000);
  await world.say('three');
  world.rt.pass(5000);
  await world.work();
  expect(texts()).toEqual(['one\n\ntwo\n\nthree']);
});

test('a later reply does not overtake one that waits for the web', async () => {
  world.web(true);
  await world.say('first');
  world.rt.pass(14_000);
  world.web(false);
  await world.say('second');
  world.rt.pass(2000);
  await world.work();
  expect(texts()).toEqual([]);
  world.rt.pass(13_000);
  await world.work();
  expect(texts()).toEqual(['first\n\nsecond']);
});

test('after a restart, pages have the follow delay to come back', async () => {
  const fresh = await createWorld();
  const { rt } = fresh;
  fresh.web(true);
  await fresh.say('Held over the restart');
  // The new process knows of nobody on the web, and begins now.
  const again = { ...rt, store: { ...rt.store } };
  fresh.web(false);
  rt.pass(15_000);
  const claim = () => claimDue(again);
  expect((await claim()).claims).toEqual([]);
  rt.pass(15_000);
  expect((await claim()).claims).toHaveLength(1);
  await fresh.close();
});

test('a link goes into the thread even while the customer is on the web', async () => {
  world.web(true);
  const seq = await world.say('You can go on there');
  const link = { url: 'https://brand.example/#continuo=secret-token', title: 'Continue' };
  await world.rt.store.write((tx) =>
    planDelivery(world.rt, tx, {
      conversationId: world.conversationId,
      seq: seq - 1,
      text: 'Your link',
      link,
      immediate: true,
    }),
  );
  await world.readOnWeb(seq);
  const stored = await world.rows();
  expect(JSON.stringify(stored)).not.toContain('secret-token');
  await world.work();
  expect(world.network.requests).toMatchObject([{ text: 'Your link', link: link.url }]);
  expect((await world.rows()).find((row) => row.seq === seq - 1)).toMatchObject({
    state: 'sent',
    content: null,
  });
});

test("a link's token is wiped however its delivery ends", async () => {
  const link = { url: 'https://brand.example/#continuo=secret-token', title: 'Continue' };
  const plan = (seq: number) =>
    world.rt.store.write((tx) =>
      planDelivery(world.rt, tx, { conversationId: world.conversationId, seq, text: 'Link', link }),
    );
  const seq = await world.say('Before');
  await world.work();
  world.network.answer = () => cut('ECONNRESET');
  await plan(seq - 1);
  await world.work();
  expect(await world.rows()).toMatchObject([
    { seq: seq - 1, state: 'unknown', content: null },
    { seq, state: 'sent' },
  ]);
});
