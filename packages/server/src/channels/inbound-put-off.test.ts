import { afterEach, beforeEach, expect, test } from 'vitest';
import { addAgent } from '../conversations/testing/runtime.ts';
import { reply, story } from '../conversations/testing/story.ts';
import { claimDue } from '../deliveries/claim.ts';
import { settle } from '../deliveries/settle.ts';
import { until } from '../testing/until.ts';
import { createPage, echo, from, type Page, says } from './testing/messenger.ts';

let page: Page;
let conversationId: string;

beforeEach(async () => {
  page = await createPage();
  await addAgent(page.rt, 'agt_a');
  await page.webhook(says('24', 'm_1', 'Hello'));
  page.worker.start();
  await done();
  const { id } = await page.rt.store.db.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
  conversationId = id;
});
afterEach(() => page.close());

const done = () => until(async () => expect(await page.waiting()).toBe(0));
const deliveries = () => page.rt.store.db.selectFrom('deliveries').selectAll().execute();

/** A reply that is being sent, and how its answer comes. */
const sendUnderWay = async (text: string) => {
  await reply(page.rt, { conversationId, agentId: 'agt_a', text });
  const { claims } = await claimDue(page.rt);
  const [claim] = claims;
  if (!claim) throw new Error('nothing is being sent');
  return {
    metadata: claim.metadata,
    end: (messageId: string) =>
      page.rt.store.write((tx) => settle(page.rt, tx, { claim, result: { outcome: 'sent', messageId } })),
  };
};
const said = async () =>
  (await story(page.rt, conversationId)).filter((line) => /^(customer|agent):/.test(line));
const left = async () => {
  const rows = await page.rt.store.db
    .selectFrom('inbound')
    .select('external_id')
    .where('processed_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.external_id.split(':')[0]);
};
const readUpTo = (watermark: number) => from('24', { read: { watermark } });
const deliveredMid = (mid: string) => from('24', { delivery: { mids: [mid], watermark: 1_800_000_000_000 } });

test('what cannot be told during a send keeps nothing back that its customer writes, and is told after', async () => {
  const { end } = await sendUnderWay('Yes?');
  await page.webhook(deliveredMid('m_5'), readUpTo(1_800_000_000_000), says('24', 'm_2', 'Are you there?'));
  await page.webhook(says('24', 'm_3', 'I wait'));
  page.worker.wake();
  await until(async () => expect(await page.waiting()).toBe(2));
  expect(await left()).toEqual(['delivery', 'read']);
  expect(await said()).toEqual([
    'customer: Hello',
    'agent: Yes?',
    'customer: Are you there?',
    'customer: I wait',
  ]);
  await end('m_5');
  page.rt.pass(1000);
  page.worker.wake();
  await done();
  expect(await deliveries()).toMatchObject([{ state: 'read', provider_id: 'm_5' }]);
});

test('a receipt that is ahead of its echo is told once the echo has settled what was being sent', async () => {
  const { metadata } = await sendUnderWay('Yes?');
  await page.webhook(deliveredMid('m_5'), echo('24', 'm_5', { text: 'Yes?', metadata }));
  page.worker.wake();
  await until(async () => expect(await left()).toEqual(['delivery']));
  expect(await deliveries()).toMatchObject([{ state: 'sent', provider_id: 'm_5' }]);
  page.rt.pass(1000);
  page.worker.wake();
  await done();
  expect(await deliveries()).toMatchObject([{ state: 'delivered' }]);
});

test('what a person of ours wrote in the network’s own inbox keeps its order, though it has to wait', async () => {
  const { end } = await sendUnderWay('Yes?');
  await page.webhook(echo('24', 'm_6', { text: 'first' }), says('24', 'm_2', 'And?'));
  page.worker.wake();
  await until(async () => expect(await page.waiting()).toBe(1));
  await end('m_5');
  await page.webhook(echo('24', 'm_7', { text: 'second' }), says('24', 'm_3', 'So?'));
  page.worker.wake();
  await until(async () => expect(await page.waiting()).toBe(2));
  page.rt.pass(1000);
  page.worker.wake();
  await done();
  const written = (await said()).filter((line) => /first|second|And|So/.test(line));
  expect(written).toEqual(['customer: And?', 'customer: So?', 'agent: first', 'agent: second']);
});
