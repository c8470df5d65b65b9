import { type EventDraft, LIMITS, type MessageEvent } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, type World } from '../sessions/testing/world.ts';

let world: World;
let device: Device;
let at: string;
let token: string;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
  const session = await world.open(device);
  token = session.token;
  at = session.conversationId;
});
afterEach(() => world.close());

const post = (rest: string, body?: object, by = { device, token }) =>
  world.call(by.device, `POST /v1/conversations/${at}/messages${rest}`, {
    token: by.token,
    ...(body && { body }),
  });

let ids = 0;
const send = async (text: string, more: object = {}): Promise<number> => {
  const { status } = await post('', { clientId: `client-${1000 + ++ids}`, text, ...more });
  expect(status).toBe(201);
  return (await messages()).at(-1)?.seq ?? 0;
};

const messages = async (): Promise<MessageEvent[]> =>
  (await world.events(at)).filter((event) => event.type === 'message');

const row = () =>
  world.rt.store.db.selectFrom('conversations').selectAll().where('id', '=', at).executeTakeFirstOrThrow();

const stored = async () => JSON.stringify(await world.rt.store.db.selectFrom('events').selectAll().execute());

test('an edited message says something else; the log keeps what it said, the same text twice is one event', async () => {
  const seq = await send('Where is my parcle?');
  const edit = () => post(`/${seq}/edit`, { text: 'Where is my parcel?' });
  const [first, second] = [await edit(), await edit()];
  expect(first).toMatchObject({
    status: 200,
    body: { event: { type: 'message.edited', message: seq, text: 'Where is my parcel?' } },
  });
  expect(second.text).toBe(first.text);
  const events = await world.events(at);
  expect(events.filter(({ type }) => type === 'message.edited')).toHaveLength(1);
  expect((await messages())[0]?.text).toBe('Where is my parcle?');
  expect((await row()).last_message_preview).toBe('Where is my parcel?');
});

test('a deleted message leaves no words: not in itself, its edits, the inbox, or a repetition', async () => {
  const clientId = 'client-secret';
  await post('', { clientId, text: 'My card is 4111' });
  const seq = (await messages())[0]?.seq ?? 0;
  await post(`/${seq}/edit`, { text: 'My card is 4111 1111' });
  const later = await send('Sorry');
  expect((await row()).unread).toBe(2);
  expect((await post(`/${seq}/delete`)).status).toBe(204);
  expect((await post(`/${seq}/delete`)).status).toBe(204);

  expect(await stored()).not.toContain('4111');
  const deleted = (await world.events(at)).filter(({ type }) => type === 'message.deleted');
  expect(deleted).toMatchObject([{ message: seq, actor: { kind: 'customer' } }]);
  expect(await row()).toMatchObject({ unread: 1, last_message_seq: later, last_message_preview: 'Sorry' });
  const again = await post('', { clientId, text: 'My card is 4111' });
  expect(again).toMatchObject({ status: 200, body: { event: { seq, text: '', deleted: true } } });
  expect(await post(`/${seq}/edit`, { text: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
  await post(`/${later}/delete`);
  expect(await row()).toMatchObject({ unread: 0, last_message_preview: '' });
});

test('nobody can read the files of a deleted message, and they are forgotten like what was never sent', async () => {
  const seq = await send('see this');
  const file = { type: 'image', url: null, name: 'card.jpg' } as const;
  await world.rt.store.write(async ({ db }) => {
    const [message] = await messages();
    const body = JSON.stringify({ ...message, attachments: [file] });
    await db.updateTable('events').set({ body }).where('seq', '=', seq).execute();
    const sizes = { size: 1, received: 1, width: 1, height: 1, duration_ms: null };
    const at1 = { created_at: world.now(), updated_at: world.now() };
    const { workspace_id } = await row();
    const what = {
      id: 'file-0001',
      stored_as: 'f',
      owner: 'me',
      name: 'card.jpg',
      media_type: 'image/jpeg',
      seq,
    };
    await db
      .insertInto('files')
      .values({ ...what, ...sizes, ...at1, conversation_id: at, workspace_id })
      .execute();
  });
  expect((await post(`/${seq}/delete`)).status).toBe(204);
  expect(await stored()).not.toContain('card.jpg');
  const files = await world.rt.store.db.selectFrom('files').selectAll().execute();
  expect(files).toMatchObject([{ seq: null, owner: '', updated_at: 0 }]);
});

test('a page that was read before is another page once its words are gone', async () => {
  const seq = await send('secret');
  const read = () => world.call(device, `GET /v1/conversations/${at}/events?offset=-1`, { token });
  const before = (await read()).headers.etag;
  await post(`/${seq}/delete`);
  expect((await read()).headers.etag).not.toBe(before);
});

test('editing ends after its minutes, and both with the case', async () => {
  const seq = await send('one');
  world.pass(LIMITS.editMinutes * 60_000);
  expect((await post(`/${seq}/edit`, { text: 'in time' })).status).toBe(200);
  world.pass(1);
  const late = await post(`/${seq}/edit`, { text: 'late' });
  expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect((await post(`/${seq}/edit`, { text: 'in time' })).status).toBe(200);
  await world.rt.store.write(({ db }) =>
    db.updateTable('cases').set({ resolved_at: world.now() }).where('conversation_id', '=', at).execute(),
  );
  expect(await post(`/${seq}/delete`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
});

test('what is not a message of theirs can neither be touched nor answered', async () => {
  const own = await send('mine');
  await world.rt.store.write(async (tx) => {
    const said = (author: MessageEvent['author'], kind: string): EventDraft => ({
      type: 'message',
      clientId: null,
      attachments: [],
      text: 'said',
      author,
      channel: { id: 'channel', kind, name: 'Brand' },
    });
    const customer = { kind: 'customer', id: 'c', name: null } as const;
    await tx.append(at, [said(world.agent, 'web'), said(customer, 'messenger')]);
  });
  const [, agents, social] = (await messages()).map(({ seq }) => seq);
  for (const seq of [agents, 1, 999]) {
    for (const answer of [await post(`/${seq}/edit`, { text: 'x' }), await post(`/${seq}/delete`)])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
  expect(await post(`/${social}/delete`)).toMatchObject({ status: 409 });
  await world.rt.store.write(({ db }) => db.updateTable('sessions').set({ visible_after: own }).execute());
  expect(await post(`/${own}/delete`)).toMatchObject({ status: 404 });
  for (const replyTo of [1, own, 999, agents]) {
    const { body } = await post('', { clientId: `client-reply-${replyTo}`, text: 'x', replyTo });
    expect(Object(body).event.replyTo).toBe(replyTo === agents ? agents : undefined);
  }
});

test('what a message answers is stored, and part of what its client id stands for', async () => {
  const first = await send('first');
  const body = { clientId: 'client-reply', text: 'second', replyTo: first };
  expect(await post('', body)).toMatchObject({ status: 201, body: { event: { replyTo: first } } });
  expect(await post('', body)).toMatchObject({ status: 200, body: { event: { replyTo: first } } });
  const other = await post('', { ...body, replyTo: undefined });
  expect(other).toMatchObject({ status: 409, body: { code: 'client_id_conflict' } });
});
