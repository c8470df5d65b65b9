/**
 * What comes in. Our adapter and server against Messenger as Meta documents it: the simulator was
 * written from Meta's documents alone and knows nothing of Continuo.
 */
import { DEMO_APP, DEMO_PAGE, signature, type ThreadMessage } from '@continuo-examples/messenger-simulator';
import { expect, test } from 'vitest';
import { PAGE_ACCOUNT } from '../../support/social-deployment.ts';
import { useScene } from './scene.ts';

const scene = useScene();

const inboundRows = async () =>
  (await scene().social.server.runtime.store.db.selectFrom('inbound').select('id').execute()).length;

test.each(['one', 'wrong'])('the check of the address: a %s token', async (which) => {
  const { social } = scene();
  const token = which === 'one' ? PAGE_ACCOUNT.verifyToken : 'wrong';
  const query = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;
  const answer = await fetch(`${social.webhookUrl}?${query}`);
  expect(answer.status).toBe(which === 'one' ? 200 : 401);
  const body = await answer.text();
  if (which === 'one') expect(body).toBe('1158201444');
  else expect(body).not.toContain('1158201444');
});

test('texts in any script, with slashes and signs, are what was written', async () => {
  const { person, messages, texts } = scene();
  const said = [
    'Where is my parcel?',
    'طلبي خطأ // مرة أخرى',
    'سفارش من اشتباه است؟',
    'मेरा ऑर्डर गलत है',
    'ההזמנה שלי שגויה',
    'https://nimbus.example/orders/7?x=1&y="2" \\ </script> 🫘👩🏽‍🚀\u2028end',
  ];
  for (const text of said) person.write(text);
  expect(await texts()).toEqual(said);
  for (const { author } of await messages())
    expect(author).toMatchObject({ kind: 'customer', name: 'Amina Karimi' });
});

test('the signature is over the bytes: the same JSON written otherwise is refused, and nothing is stored', async () => {
  const { social, person, texts } = scene();
  const event = {
    sender: { id: person.psid },
    recipient: { id: DEMO_PAGE.id },
    timestamp: Date.now(),
    message: { mid: 'm_signed', text: 'né à côté de https://x.example/' },
  };
  const body = { object: 'page', entry: [{ id: DEMO_PAGE.id, time: Date.now(), messaging: [event] }] };
  const rewritten = `sha256=${signature(DEMO_APP.secret, JSON.stringify(body))}`;
  const before = await inboundRows();
  for (const wrong of [
    rewritten,
    'sha256=',
    '',
    `sha256=${'0'.repeat(64)}`,
    rewritten.replace('sha256', 'sha1'),
  ])
    expect((await social.webhook(body, wrong)).status).toBe(401);
  expect(await inboundRows()).toBe(before);
  expect((await social.webhook(body)).status).toBe(200);
  expect(await texts()).toEqual(['né à côté de https://x.example/']);
});

test('who the customer is comes from the network', async () => {
  const { social, meta } = scene();
  const { psid } = meta.createCustomer({ firstName: 'ليلى', lastName: 'حداد', locale: 'ar_AR' });
  const message = { text: 'مرحبا', attachments: [], quickReplyPayload: null, replyTo: null };
  meta.dispatch(psid, { type: 'customer.message', mid: meta.newMid(), at: meta.now(), ...message });
  await social.quiet();
  const { body } = await social.sara.view((await social.conversationOf(psid)) ?? '');
  expect(body.summary.customer).toMatchObject({
    name: 'ليلى حداد',
    locale: 'ar-AR',
    pictureUrl: expect.stringContaining(psid),
  });
});

test('files and places, with and without words', async () => {
  const { meta, person, messages } = scene();
  const file = (type: 'image' | 'audio' | 'video' | 'file') => ({
    type,
    url: `https://cdn.example/${type}?a=1/2`,
    title: null,
    coordinates: null,
  });
  const place = {
    type: 'location' as const,
    url: null,
    title: 'Home',
    coordinates: { lat: 24.47, long: 54.37 },
  };
  const write = (text: string, attachments: ThreadMessage['attachments']) => {
    const more = { text, attachments, quickReplyPayload: null, replyTo: null };
    meta.dispatch(person.psid, { type: 'customer.message', mid: meta.newMid(), at: meta.now(), ...more });
  };
  write('Look at this', [file('image')]);
  write('', [file('audio'), file('video'), file('file'), place]);
  const [first, second] = await messages();
  expect(first).toMatchObject({
    text: 'Look at this',
    attachments: [{ type: 'image', url: 'https://cdn.example/image?a=1/2' }],
  });
  expect(second).toMatchObject({
    text: '',
    attachments: [
      { type: 'audio' },
      { type: 'video' },
      { type: 'file' },
      { type: 'location', url: null, name: 'Home' },
    ],
  });
});

test('a deep link into a new thread: the customer presses Get Started', async () => {
  const { meta, person, conversationId, texts } = scene();
  meta.dispatch(person.psid, { type: 'customer.openLink', at: meta.now(), ref: 'a-ref' });
  expect(await conversationId()).toBe('');
  const started = { type: 'customer.getStarted', mid: meta.newMid(), at: meta.now(), ref: null } as const;
  meta.dispatch(person.psid, started);
  expect(await texts()).toEqual(['Get Started']);
});

test('a pressed button says what stood on it', async () => {
  const { meta, person, texts } = scene();
  const press = { title: 'Track my order', payload: 'TRACK' };
  meta.dispatch(person.psid, { type: 'customer.postback', mid: meta.newMid(), at: meta.now(), ...press });
  expect(await texts()).toEqual(['Track my order']);
});

test('kinds that we do not know, and events that make no sense, are taken and change nothing', async () => {
  const { social, meta, person, texts } = scene();
  person.write('Before');
  await social.quiet();
  const [message] = meta.thread(person.psid).messages;
  meta.dispatch(person.psid, {
    type: 'customer.react',
    at: meta.now(),
    mid: message?.mid ?? '',
    emoji: '😡',
  });
  for (const event of [
    { optin: { type: 'notification_messages' } },
    { message_edit: { mid: 'm_1', text: 'edited' } },
    { something_new: { deep: [1, { er: '/' }] } },
    { message: 'no object' },
    { message: { text: 'no mid' } },
    { read: { watermark: 'soon' } },
    {},
  ])
    meta.sendRaw(person.psid, event);
  person.write('After');
  expect(await texts()).toEqual(['Before', 'After']);
  const given = meta.webhooks.records();
  expect(given.map(({ state, attempts }) => [state, attempts])).toEqual(given.map(() => ['done', 1]));
});

test('events in one request, twice, and in the wrong order', async () => {
  const { social, meta, person, conversationId, texts } = scene();
  meta.webhooks.setMode('batch', 5);
  for (let index = 0; index < 5; index += 1) person.write(`batched ${index}`);
  expect(await texts()).toEqual([0, 1, 2, 3, 4].map((index) => `batched ${index}`));

  meta.webhooks.setMode('duplicate', 3);
  for (let index = 0; index < 3; index += 1) person.write(`twice ${index}`);
  expect((await texts()).slice(5)).toEqual([0, 1, 2].map((index) => `twice ${index}`));

  meta.webhooks.setMode('reorder', 3);
  for (let index = 0; index < 3; index += 1) person.write(`turned ${index}`);
  expect((await texts()).slice(8).toSorted()).toEqual([0, 1, 2].map((index) => `turned ${index}`));
  const log = await social.log(await conversationId());
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
});
