import type { MessageEvent, Positions } from '@continuo/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { previewOf } from './messages.ts';
import { advance, markReceipts } from './receipts.ts';
import { addAgent, addChannel, addCustomer, createTestRuntime, type TestRuntime } from './testing/runtime.ts';
import { reply, rowOf, write } from './testing/story.ts';

let rt: TestRuntime;
let web: MessageEvent['channel'];

beforeEach(async () => {
  rt = await createTestRuntime();
  web = await addChannel(rt, 'web');
});

afterEach(() => rt.close());

test('positions only grow, never pass the head, and what was read was received', () => {
  const receipt = fc.record({
    by: fc.constantFrom('customer' as const, 'agent' as const),
    received: fc.option(fc.nat(30), { nil: undefined }),
    read: fc.option(fc.nat(30), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(receipt, { maxLength: 10 }), fc.nat(20), (receipts, head) => {
      let row = { head, customer_received: 0, customer_read: 0, agent_received: 0, agent_read: 0 };
      for (const each of receipts) {
        const next = advance(row, each);
        expect(next.customer_received).toBeGreaterThanOrEqual(row.customer_received);
        expect(next.customer_read).toBeGreaterThanOrEqual(row.customer_read);
        expect(next.agent_read).toBeGreaterThanOrEqual(row.agent_read);
        expect(next.agent_received).toBeGreaterThanOrEqual(row.agent_received);
        expect(next.agent_read).toBeLessThanOrEqual(next.agent_received);
        expect(next.agent_received).toBeLessThanOrEqual(head);
        expect(Math.max(next.customer_received, next.agent_read)).toBeLessThanOrEqual(head);
        expect(next.customer_read).toBeLessThanOrEqual(next.customer_received);
        const mine = Math.min(each.read ?? 0, head);
        expect(each.by === 'agent' ? next.agent_read : next.customer_read).toBeGreaterThanOrEqual(mine);
        row = next;
      }
    }),
  );
});

test('what reached the assignee’s inbox is told to the customer, and is not read yet', async () => {
  await addAgent(rt, 'agt_a');
  const { conversationId } = await addCustomer(rt, 'alma', web);
  await write(rt, { conversationId, channel: web, text: 'one' });
  const told: Positions[] = [];
  const onSignal = (signal: { type: string; positions?: Positions }) => {
    if (signal.positions) told.push(signal.positions);
  };
  rt.hub.listen(conversationId, { audience: 'customer', onEvents: () => {}, onSignal });
  await rt.store.write((tx) => markReceipts(rt, tx, { conversationId, by: 'agent', received: 2 }));
  expect(told.at(-1)).toMatchObject({ agentReceived: 2, agentRead: 0 });
  expect(await rowOf(rt, conversationId)).toMatchObject({ unread: 1, agent_received: 2, agent_read: 0 });
});

test('an agent who read part of it leaves the rest unread, and everyone is told', async () => {
  await addAgent(rt, 'agt_a');
  const { conversationId } = await addCustomer(rt, 'alma', web);
  for (const text of ['one', 'two']) await write(rt, { conversationId, channel: web, text });
  const told: Positions[] = [];
  const onSignal = (signal: { type: string; positions?: Positions }) => {
    if (signal.positions) told.push(signal.positions);
  };
  rt.hub.listen(conversationId, { audience: 'customer', onEvents: () => {}, onSignal });
  const mark = (read: number) =>
    rt.store.write((tx) => markReceipts(rt, tx, { conversationId, by: 'agent', read }));
  await mark(2);
  expect(await rowOf(rt, conversationId)).toMatchObject({ unread: 1, agent_read: 2 });
  await mark(1);
  await mark(99);
  expect(await rowOf(rt, conversationId)).toMatchObject({ unread: 0, agent_read: 4 });
  expect(told.map(({ agentRead }) => agentRead)).toEqual([2, 4]);
  await reply(rt, { conversationId, agentId: 'agt_a', text: 'an answer is not unread' });
  expect((await rowOf(rt, conversationId)).unread).toBe(0);
});

test('a preview is one line, never cuts a character in two, and shows files without words', () => {
  expect(previewOf({ text: ' two\n lines ', attachments: [] })).toBe('two lines');
  const image = { type: 'image', url: null, name: null } as const;
  expect(previewOf({ text: '', attachments: [image] })).toBe('📷');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const preview = previewOf({ text, attachments: [] });
      expect(preview.length).toBeLessThanOrEqual(140);
      expect(preview.isWellFormed()).toBe(true);
    }),
  );
});

test('positions in a conversation that was joined into another say nothing of that one', async () => {
  const [old, present] = [await addCustomer(rt, 'old', web), await addCustomer(rt, 'present', web)];
  for (const { conversationId } of [old, present, old, old]) {
    await write(rt, { conversationId, channel: web, text: 'Hello?' });
  }
  await rt.store.write(async ({ db }) => {
    await db
      .updateTable('conversations')
      .set({ joined_into: present.conversationId })
      .where('id', '=', old.conversationId)
      .execute();
  });
  const before = await rowOf(rt, present.conversationId);
  await rt.store.write((tx) =>
    markReceipts(rt, tx, { conversationId: old.conversationId, by: 'agent', read: 5 }),
  );
  expect(await rowOf(rt, present.conversationId)).toEqual(before);
});
