import type { Rich } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addAgent } from '../conversations/testing/runtime.ts';
import { readLog, reply, resolve, rowOf, story } from '../conversations/testing/story.ts';
import { claimDue } from '../deliveries/claim.ts';
import { settle } from '../deliveries/settle.ts';
import { cut } from '../deliveries/testing/network.ts';
import { sendClaim } from '../deliveries/worker.ts';
import { until } from '../testing/until.ts';
import { createPage, echo, from, type Page, says } from './testing/messenger.ts';

let page: Page;
beforeEach(async () => {
  page = await createPage();
});
afterEach(() => page.close());

/** Takes events in and waits until all of them are done. */
const happen = async (...events: object[]) => {
  await page.webhook(...events);
  page.worker.start();
  await until(async () => expect(await page.waiting()).toBe(0));
};

const conversations = () =>
  page.rt.store.db.selectFrom('conversations').select(['id', 'customer_id']).orderBy('created_at').execute();
const onlyStory = async () => {
  const all = await conversations();
  expect(all).toHaveLength(1);
  return story(page.rt, all[0]?.id ?? '');
};
const identity = () => page.rt.store.db.selectFrom('identities').selectAll().executeTakeFirstOrThrow();
const deliveries = () => page.rt.store.db.selectFrom('deliveries').selectAll().execute();

/** An agent answers, and it goes out. */
const answer = async (text: string, rich?: Rich) => {
  const [conversation] = await conversations();
  await reply(page.rt, {
    conversationId: conversation?.id ?? '',
    agentId: 'agt_a',
    text,
    ...(rich && { rich }),
  });
  const { claims } = await claimDue(page.rt);
  for (const claim of claims) {
    const result = await sendClaim(page.rt, claim);
    await page.rt.store.write((tx) => settle(page.rt, tx, { claim, result }));
  }
};

test('a complaint becomes a conversation, with who it is from', async () => {
  await happen(says('24', 'm_1', 'My flight was cancelled'));
  expect(await onlyStory()).toEqual([
    'case.opened 1',
    'customer: My flight was cancelled',
    'assigned queue (queue)',
  ]);
  expect(await identity()).toMatchObject({
    external_id: '24',
    name: 'Ana Li',
    last_inbound_at: 1_800_000_000_000,
  });
});

test("a customer's messages keep their order, however many come at once", async () => {
  const texts = Array.from({ length: 40 }, (_, n) => `message ${n}`);
  await happen(...texts.map((text, n) => says('24', `m_${n}`, text)));
  const told = (await onlyStory()).filter((line) => line.startsWith('customer'));
  expect(told).toEqual(texts.map((text) => `customer: ${text}`));
});

test('however many first contacts come at once, each customer has one conversation and one case', async () => {
  const people = Array.from({ length: 25 }, (_, n) => `${n}`);
  const twice = [...people, ...people];
  await happen(...twice.map((psid, n) => says(psid, `m_${n}`)));
  const all = await conversations();
  expect(all).toHaveLength(25);
  expect(new Set(all.map((row) => row.customer_id)).size).toBe(25);
  const cases = await page.rt.store.db.selectFrom('cases').selectAll().execute();
  expect(cases).toHaveLength(25);
});

test('a repetition after the work is done changes nothing', async () => {
  await happen(says('24', 'm_1', 'Once'));
  await happen(says('24', 'm_1', 'Once'));
  expect((await onlyStory()).filter((line) => line === 'customer: Once')).toHaveLength(1);
});

test('a process that ended before its commit does the work again, once', async () => {
  const { write } = page.rt.store;
  const crash = vi.fn(() => Promise.reject(new Error('killed')));
  await page.webhook(says('24', 'm_1', 'Once'));
  page.rt.store.write = crash;
  page.worker.start();
  await until(() => expect(crash).toHaveBeenCalled());
  await page.worker.close();
  expect(await conversations()).toEqual([]);
  page.rt.store.write = write;
  page.worker.start();
  await until(async () => expect(await page.waiting()).toBe(0));
  expect((await onlyStory()).filter((line) => line === 'customer: Once')).toHaveLength(1);
});

test('a network that does not tell who someone is keeps nothing back, and is asked again', async () => {
  const known = page.network.fetch;
  page.rt.fetch = () => Promise.reject(new TypeError('fetch failed'));
  await happen(says('24', 'm_1', 'Hello'));
  expect((await identity()).name).toBeNull();
  page.rt.fetch = known;
  await happen(says('24', 'm_2', 'Still there?'));
  expect((await identity()).name).toBe('Ana Li');
  const customer = await page.rt.store.db.selectFrom('customers').selectAll().executeTakeFirstOrThrow();
  expect(customer.name).toBe('Ana Li');
});

test('an event that cannot be worked on is tried again, then given up, and keeps only its own customer back', async () => {
  await page.webhook(says('24', 'm_1', 'poison'), says('24', 'm_2', 'after'));
  const payload = '{"type":"message","from":"24"';
  await page.rt.store.write((tx) =>
    tx.db.updateTable('inbound').set({ payload }).where('external_id', '=', 'message:m_1').execute(),
  );
  await page.webhook(says('25', 'm_3', 'someone else'));
  page.worker.start();
  await until(async () => expect(await page.waiting()).toBe(2));
  expect(await onlyStory()).toContain('customer: someone else');
  await until(async () => {
    page.rt.pass(300_000);
    page.worker.wake();
    expect(await page.waiting()).toBe(0);
  });
  const [first, second] = await page.rt.store.db.selectFrom('inbound').selectAll().orderBy('id').execute();
  expect(first).toMatchObject({ attempts: 8, error: expect.stringContaining('JSON') });
  expect(second).toMatchObject({ attempts: 0, error: null });
  expect(await page.rt.metrics.text()).toContain('continuo_inbound_failures_total{outcome="given_up"} 1');
});

test('a message opens the window anew; an old one that comes late does not shorten it', async () => {
  page.rt.pass(10_000);
  await happen(from('24', { message: { mid: 'm_1', text: 'new' } }, 1_800_000_009_000));
  await happen(from('24', { message: { mid: 'm_0', text: 'old' } }, 1_800_000_001_000));
  expect((await identity()).last_inbound_at).toBe(1_800_000_009_000);
});

test("a network's clock that is ahead does not open the window for longer", async () => {
  await happen(from('24', { message: { mid: 'm_1', text: 'from the future' } }, 1_800_000_900_000));
  expect((await identity()).last_inbound_at).toBe(1_800_000_000_000);
});

test('Get Started says what its button says; a referral says nothing, but opens the window', async () => {
  await happen(
    from('24', { postback: { title: 'Get Started', payload: 'GET_STARTED', referral: { ref: 'x' } } }),
  );
  expect(await onlyStory()).toContain('customer: Get Started');
  page.rt.pass(5000);
  await happen(from('24', { referral: { ref: 'continuo', source: 'SHORTLINK' } }, 1_800_000_005_000));
  expect(await onlyStory()).toHaveLength(3);
  expect((await identity()).last_inbound_at).toBe(1_800_000_005_000);
});

test('a referral of someone who never wrote leaves no trace', async () => {
  await happen(from('24', { referral: { ref: 'continuo' } }));
  expect(await conversations()).toEqual([]);
});

test('an answer to "your agent is away" is a choice, and a message once there is nothing to choose', async () => {
  const disconnect = await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  const [conversation] = await conversations();
  const conversationId = conversation?.id ?? '';
  await resolve(page.rt, conversationId);
  disconnect();
  await happen(says('24', 'm_2', 'It broke again'));
  expect(await deliveries()).toMatchObject([{ state: 'pending' }]);
  const press = (mid: string) =>
    from('24', {
      message: { mid, text: 'A colleague, please', quick_reply: { payload: 'continuo:colleague' } },
    });
  await happen(press('m_3'));
  expect((await onlyStory()).slice(-2)).toEqual(['choice colleague', 'assigned queue (queue)']);
  await happen(press('m_4'));
  expect((await onlyStory()).at(-1)).toBe('customer: A colleague, please');
});

test('a pressed option comes back as the answer, with its whole label', async () => {
  await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  const [conversation] = await conversations();
  const label = 'The one in the blue parcel';
  const rich: Rich = {
    kind: 'replies',
    options: [
      { id: 'a', label },
      { id: 'b', label: 'Another' },
    ],
  };
  await answer('Which?', rich);
  const { text, choices } = page.network.requests.at(-1) ?? {};
  expect({ text, choices }).toEqual({
    text: 'Which?',
    choices: ['a', 'b'].map((option) => `continuo:option:${conversation?.id}:4:${option}`),
  });
  const press = (mid: string, payload = '') =>
    from('24', { message: { mid, text: 'The one in the blue…', quick_reply: { payload } } });
  await happen(press('m_2', choices?.[0]));
  const log = await readLog(page.rt, conversation?.id ?? '');
  expect(log.at(-1)).toMatchObject({ text: label, answer: { message: 4, option: 'a' } });
  await happen(press('m_3', choices?.[0]?.replace(':4:', ':2:')));
  expect((await onlyStory()).at(-1)).toBe('customer: The one in the blue…');
});

test('what a network cannot show is written below the text', async () => {
  await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  const option = (id: number) => ({ id: `o${id}`, label: `Option ${id}` });
  const card = (at: number) => ({
    title: `Card ${at}`,
    options: [3 * at, 3 * at + 1, 3 * at + 2].map(option),
  });
  await answer('Look', { kind: 'cards', cards: [0, 1, 2, 3, 4].map(card) });
  expect(page.network.requests.at(-1)).toMatchObject({
    text: expect.stringContaining(
      'Look\n\nCard 0\n1. Option 0\n2. Option 1\n3. Option 2\n\nCard 1\n4. Option 3',
    ),
    choices: [],
  });
  const fields = [{ name: 'n', label: 'Order number', type: 'text' as const, required: true }];
  await answer('Please tell us', { kind: 'form', title: 'Order', fields });
  expect(page.network.requests.at(-1)).toMatchObject({ text: 'Please tell us\n\nOrder\n- Order number' });
});

test('what a person of ours wrote in the network’s own inbox comes into the thread, once', async () => {
  await happen(says('24', 'm_1', 'Hello'));
  await happen(echo('24', 'm_9', { text: 'I see to it' }));
  await happen(echo('24', 'm_9', { text: 'I see to it' }));
  expect((await onlyStory()).slice(-1)).toEqual(['agent: I see to it']);
  expect((await onlyStory()).filter((line) => line.startsWith('agent'))).toHaveLength(1);
  expect(await deliveries()).toEqual([]);
});

test('an echo of our own message is no second message', async () => {
  await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  await answer('How can I help?');
  const metadata = page.network.requests[0]?.metadata ?? '';
  await happen(echo('24', 'm_1x', { text: 'How can I help?', metadata }));
  expect((await onlyStory()).filter((line) => line.startsWith('agent'))).toHaveLength(1);
});

test('an echo finds what was thought to be unknown', async () => {
  await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  page.network.answer = () => cut('ECONNRESET');
  await answer('How can I help?');
  expect(await deliveries()).toMatchObject([{ state: 'unknown' }]);
  const metadata = page.network.requests[0]?.metadata ?? '';
  await happen(echo('24', 'm_7', { text: 'How can I help?', metadata }));
  expect(await deliveries()).toMatchObject([{ state: 'sent', provider_id: 'm_7' }]);
});

test('an echo without metadata waits for the answer to a send that is under way', async () => {
  await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  const [conversation] = await conversations();
  await reply(page.rt, { conversationId: conversation?.id ?? '', agentId: 'agt_a', text: 'Yes?' });
  const { claims } = await claimDue(page.rt);
  await page.webhook(echo('24', 'm_5', { text: 'Yes?' }));
  page.worker.wake();
  await until(async () => {
    const [row] = await page.rt.store.db
      .selectFrom('inbound')
      .select('next_at')
      .orderBy('id', 'desc')
      .execute();
    expect(row?.next_at).toBeGreaterThan(page.rt.now());
  });
  for (const claim of claims) {
    await page.rt.store.write((tx) =>
      settle(page.rt, tx, { claim, result: { outcome: 'sent', messageId: 'm_5' } }),
    );
  }
  page.rt.pass(1000);
  page.worker.wake();
  await until(async () => expect(await page.waiting()).toBe(0));
  expect((await onlyStory()).filter((line) => line.startsWith('agent'))).toEqual(['agent: Yes?']);
});

test('delivered and read on the network are seen on our side', async () => {
  await addAgent(page.rt, 'agt_a');
  await happen(says('24', 'm_1', 'Hello'));
  await answer('How can I help?');
  await happen(from('24', { delivery: { mids: ['m_1'], watermark: 1_800_000_000_000 } }));
  expect(await deliveries()).toMatchObject([{ state: 'delivered' }]);
  await happen(from('24', { read: { watermark: 1_800_000_000_000 } }));
  expect(await deliveries()).toMatchObject([{ state: 'read' }]);
  const [conversation] = await conversations();
  const row = await rowOf(page.rt, conversation?.id ?? '');
  expect(row.customer_read).toBe(row.last_message_seq);
});

test('what is done is forgotten after eight days; what was given up stays', async () => {
  await happen(says('24', 'm_1'), says('24', 'm_2'));
  await page.rt.store.write((tx) =>
    tx.db
      .updateTable('inbound')
      .set({ error: 'it was poison' })
      .where('external_id', '=', 'message:m_2')
      .execute(),
  );
  page.rt.pass(8 * 86_400_000 + 1);
  page.worker.wake();
  await until(async () => {
    const rows = await page.rt.store.db.selectFrom('inbound').select('external_id').execute();
    expect(rows).toEqual([{ external_id: 'message:m_2' }]);
  });
});
