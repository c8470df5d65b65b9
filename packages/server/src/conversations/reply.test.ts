import type { MessageEvent, Signal } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordForeignReply } from './reply.ts';
import { addAgent, addChannel, addCustomer, createTestRuntime, type TestRuntime } from './testing/runtime.ts';
import { keyOf, readLog, reply, resolve, rowOf, story, write } from './testing/story.ts';

let rt: TestRuntime;
let web: MessageEvent['channel'];
let messenger: MessageEvent['channel'];

beforeEach(async () => {
  rt = await createTestRuntime();
  web = await addChannel(rt, 'web');
  messenger = await addChannel(rt, 'messenger');
});

afterEach(() => rt.close());

const DAY = 86_400_000;

test('an answer ends the waiting, is seen by agents, and is carried to the network', async () => {
  await addAgent(rt, 'agt_a');
  const { conversationId } = await addCustomer(rt, 'alma', messenger);
  await write(rt, { conversationId, channel: messenger, text: 'hello' });
  const signals: Signal[] = [];
  rt.hub.listen(conversationId, {
    audience: 'customer',
    onEvents: () => {},
    onSignal: (signal) => signals.push(signal),
  });
  const { event } = await reply(rt, { conversationId, agentId: 'agt_a', text: 'good day' });
  expect(event).toMatchObject({ clientId: 'reply-good day', channel: messenger, author: { id: 'agt_a' } });
  expect(await rowOf(rt, conversationId)).toMatchObject({
    unread: 0,
    waiting_since: null,
    agent_read: event.seq,
    last_message_from: 'agent',
    last_message_preview: 'good day',
    assignee_id: 'agt_a',
  });
  expect(await rt.store.db.selectFrom('deliveries').select(['seq', 'state']).execute()).toEqual([
    { seq: event.seq, state: expect.any(String) },
  ]);
  expect(signals).toContainEqual({
    type: 'positions',
    positions: { customerReceived: 0, customerRead: 0, agentReceived: event.seq, agentRead: event.seq },
  });
});

test('the same answer again is the stored one; another under its client id is a conflict', async () => {
  await addAgent(rt, 'agt_a');
  const { conversationId } = await addCustomer(rt, 'alma', web);
  await write(rt, { conversationId, channel: web, text: 'hello' });
  const send = (text: string, hash: string) =>
    reply(rt, { conversationId, agentId: 'agt_a', text, key: keyOf('client-1', hash) });
  const first = await send('good day', 'h1');
  expect(await send('good day', 'h1')).toEqual({ event: first.event, duplicate: true });
  await expect(send('good night', 'h2')).rejects.toMatchObject({ code: 'client_id_conflict' });
});

test('an answer that could not reach the customer is refused and leaves nothing', async () => {
  await addAgent(rt, 'agt_a');
  const { conversationId } = await addCustomer(rt, 'alma', messenger);
  await write(rt, { conversationId, channel: messenger, text: 'hello' });
  const before = await readLog(rt, conversationId);
  rt.pass(8 * DAY);
  const late = reply(rt, { conversationId, agentId: 'agt_a', text: 'too late' });
  await expect(late).rejects.toMatchObject({ code: 'window_closed' });
  expect(await readLog(rt, conversationId)).toEqual(before);

  const { leave } = rt.presence.enter(conversationId, 'ses_1');
  const onTheWeb = await reply(rt, { conversationId, agentId: 'agt_a', text: 'on the web it can' });
  expect(onTheWeb.duplicate).toBe(false);
  leave();
});

test('answering what is nobody’s makes it the agent’s own; answering a colleague’s leaves it theirs', async () => {
  const { conversationId } = await addCustomer(rt, 'alma', web);
  await write(rt, { conversationId, channel: web, text: 'hello' });
  await addAgent(rt, 'agt_a');
  await addAgent(rt, 'agt_b');
  await reply(rt, { conversationId, agentId: 'agt_a', text: 'good day' });
  await reply(rt, { conversationId, agentId: 'agt_b', text: 'me too' });
  expect(await story(rt, conversationId)).toEqual([
    'case.opened 1',
    'customer: hello',
    'assigned queue (queue)',
    'agent: good day',
    'assigned agt_a (manual)',
    'agent: me too',
  ]);
  expect(await rowOf(rt, conversationId)).toMatchObject({ assignee_id: 'agt_a', queued_at: null });
});

test('answering a resolved conversation opens its next case', async () => {
  await addAgent(rt, 'agt_a');
  const { conversationId } = await addCustomer(rt, 'alma', web);
  await write(rt, { conversationId, channel: web, text: 'hello' });
  await resolve(rt, conversationId);
  await expect(resolve(rt, conversationId)).rejects.toMatchObject({ code: 'conflict' });
  await reply(rt, { conversationId, agentId: 'agt_a', text: 'one more thing' });
  expect((await story(rt, conversationId)).slice(4)).toEqual(['case.opened 2', 'agent: one more thing']);
  expect(await rowOf(rt, conversationId)).toMatchObject({ status: 'open', case_number: 2 });
});

test('an answer from the network’s own inbox is stored under the channel’s name and not sent again', async () => {
  const { conversationId } = await addCustomer(rt, 'alma', messenger);
  await write(rt, { conversationId, channel: messenger, text: 'hello' });
  const event = await rt.store.write((tx) =>
    recordForeignReply(rt, tx, {
      conversationId,
      text: 'from the Page',
      attachments: [],
      channel: messenger,
    }),
  );
  expect(event.author).toEqual({ kind: 'agent', id: null, name: messenger.name });
  expect(await rowOf(rt, conversationId)).toMatchObject({
    unread: 0,
    waiting_since: null,
    assignee_id: null,
  });
  expect(await rt.store.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);
});
