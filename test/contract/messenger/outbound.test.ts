/**
 * What goes out. Our adapter and server against Messenger as Meta documents it: the simulator was
 * written from Meta's documents alone and knows nothing of Continuo.
 */
import { DEMO_PAGE } from '@continuo-examples/messenger-simulator';
import { expect, test } from 'vitest';
import { SOON } from '../../support/patience.ts';
import { useScene } from './scene.ts';

const scene = useScene({ hello: true });

test('sent, delivered and read, as the customer’s phone tells', async () => {
  const { social, meta, person, conversationId, reply, lastDelivery, lastState } = scene();
  meta.dispatch(person.psid, { type: 'customer.online', at: meta.now(), on: false });
  await reply('Are you there?');
  await expect.poll(lastState, SOON).toBe('sent');
  meta.dispatch(person.psid, { type: 'customer.online', at: meta.now(), on: true });
  await expect.poll(lastState, SOON).toBe('delivered');
  person.read();
  await expect.poll(lastState, SOON).toBe('read');
  const { body } = await social.sara.view(await conversationId());
  expect(body.positions.customerRead).toBe((await lastDelivery())?.seq);
});

test('our own echo is no second message; what a person writes in the native inbox is theirs', async () => {
  const { social, meta, person, messages, texts, reply, lastState, calls, fromPage } = scene();
  await reply('From our inbox');
  await expect.poll(lastState, SOON).toBe('delivered');
  meta.sendFromInbox(person.psid, 'From the native inbox / né');
  await social.quiet();
  expect(await texts()).toEqual(['Hello', 'From our inbox', 'From the native inbox / né']);
  const foreign = (await messages()).at(-1);
  expect(foreign?.author).toEqual({ kind: 'agent', id: null, name: DEMO_PAGE.name });
  expect(calls()).toBe(1);
  expect(fromPage().map(({ text }) => text)).toEqual(['From our inbox', 'From the native inbox / né']);
});

test('the longest text, in any script, goes out whole', async () => {
  const { reply, lastState, fromPage } = scene();
  for (const text of ['n'.repeat(2000), 'س'.repeat(2000), '🫘'.repeat(1000)]) {
    expect((await reply(text)).status).toBe(201);
    await expect.poll(lastState, SOON).toBe('delivered');
    expect(fromPage().at(-1)?.text).toBe(text);
  }
});

test('a link goes out as a button; that Meta looks at it first changes nothing', async () => {
  const { social, meta, person, conversationId, log, fromPage } = scene();
  const path = `/v1/inbox/conversations/${await conversationId()}/handoffs`;
  expect((await social.sara.request('POST', path, { clientId: 'offer-0001' })).status).toBe(201);
  const link = new URL(await person.receivedLink());
  expect(fromPage().at(-1)).toMatchObject({
    buttons: [{ type: 'web_url' }],
    text: expect.stringMatching(/\S/),
  });
  const previews = () => meta.previews().filter(({ url }) => url === link.href);
  await expect.poll(previews, SOON).toEqual([expect.objectContaining({ status: 200 })]);
  const steps = (await log()).flatMap((event) => (event.type === 'handoff' ? [event.step] : []));
  expect(steps).toEqual(['offered']);
  const untouched = { peeked_at: null, redeemed_at: null, revoked_at: null };
  const { db } = social.server.runtime.store;
  const id = await conversationId();
  const rows = await db.selectFrom('handoffs').selectAll().where('conversation_id', '=', id).execute();
  expect(rows).toEqual([expect.objectContaining(untouched)]);
});

test('a question with answers to press, and the press', async () => {
  const { social, meta, person, conversationId, log, fromPage } = scene();
  const inbox = await social.sara.connect();
  const id = await conversationId();
  await expect.poll(async () => (await social.sara.view(id)).body.summary.assignee, SOON).toBeTruthy();
  await social.sara.request('POST', `/v1/inbox/conversations/${id}/resolve`);
  inbox.cancel();
  await expect.poll(async () => (await social.sara.view(id)).body.summary.assignee.status, SOON).toBe('away');
  person.write('It is wrong again');
  await expect.poll(() => fromPage().at(-1)?.quickReplies.length, SOON).toBe(2);
  const [choice] = fromPage().at(-1)?.quickReplies ?? [];
  const pressed = { text: choice?.title ?? '', attachments: [], replyTo: null };
  const quickReplyPayload = choice?.payload ?? '';
  meta.dispatch(person.psid, {
    type: 'customer.message',
    mid: meta.newMid(),
    at: meta.now(),
    ...pressed,
    quickReplyPayload,
  });
  await social.quiet();
  expect((await log()).at(-1)).toMatchObject({ type: 'assignee.choice', choice: 'wait' });
});
