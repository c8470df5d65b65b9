import { afterEach, beforeEach, expect, test } from 'vitest';
import { endCallback } from '../conversations/callbacks.ts';
import { reply, resolve } from '../conversations/testing/story.ts';
import { AGENT, WEB_KEY } from '../sessions/testing/brand.ts';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, DAY, HOUR, type World } from '../sessions/testing/world.ts';
import { redact } from './redact.ts';

let world: World;
let device: Device;
let token: string;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
  ({ token, conversationId: id } = await world.open(device));
});
afterEach(() => world.close());

const PHONE = '+4930123456';

const ask = (more: object = {}) =>
  world.call(device, `POST /v1/conversations/${id}/callbacks`, {
    token,
    body: { callbackId: 'callback-0001', phone: PHONE, at: null, ...more },
  });
const cancel = (callbackId = 'callback-0001') =>
  world.call(device, `POST /v1/conversations/${id}/callbacks/${callbackId}/cancel`, { token });
const done = (callbackId = 'callback-0001') =>
  world.rt.store.write((tx) =>
    endCallback(world.rt, tx, { conversationId: id, callbackId, actor: world.agent, how: 'callback.done' }),
  );
const types = async () => (await world.events(id)).map(({ type }) => type);

test('it opens a case and has an assignee, like a message; the same again is the same, another a conflict', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask({ note: ' About my parcel ' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.body).toMatchObject({
    event: { type: 'callback.requested', seq: 2, phone: PHONE, due: null, note: 'About my parcel' },
  });
  expect(await types()).toEqual(['case.opened', 'callback.requested', 'assigned']);
  expect(await ask({ phone: '+4930999999' })).toMatchObject({
    status: 409,
    body: { code: 'client_id_conflict' },
  });
  expect(await ask({ callbackId: 'callback-0002' })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
  const row = await world.rt.store.db.selectFrom('conversations').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({
    status: 'open',
    waiting_since: world.now(),
    last_message_preview: '📞',
    unread: 1,
  });
});

test('cancelled once, however often; then another may be asked for, but what was done is done', async () => {
  await ask();
  expect([(await cancel()).status, (await cancel()).status]).toEqual([204, 204]);
  await expect(done()).rejects.toMatchObject({ code: 'conflict' });
  expect((await ask({ callbackId: 'callback-0002' })).status).toBe(201);
  await done('callback-0002');
  await done('callback-0002');
  expect(await cancel('callback-0002')).toMatchObject({ status: 409 });
  expect((await cancel('callback-none')).status).toBe(404);
  expect((await types()).slice(3)).toEqual(['callback.cancelled', 'callback.requested', 'callback.done']);
  const row = await world.rt.store.db.selectFrom('conversations').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ callback_id: null, waiting_since: null });
});

test('someone else’s callback is not found, whoever knows its id', async () => {
  await ask();
  const other = await createDevice();
  const theirs = await world.open(other);
  const press = (conversationId: string) =>
    world.call(other, `POST /v1/conversations/${conversationId}/callbacks/callback-0001/cancel`, {
      token: theirs.token,
    });
  expect((await press(id)).status).toBe(404);
  expect((await press(theirs.conversationId)).status).toBe(404);
  expect(await types()).not.toContain('callback.cancelled');
});

test('a resolved case leaves no call open', async () => {
  await ask();
  await resolve(world.rt, id);
  expect((await types()).slice(3)).toEqual(['callback.cancelled', 'case.resolved']);
  expect((await ask({ callbackId: 'callback-0002' })).status).toBe(201);
});

test('a call is at a time when somebody is there, in the next days', async () => {
  const day: [string, string][] = [['09:00', '17:00']];
  await world.settings({ hours: { timeZone: 'UTC', week: { mon: day } } });
  const monday = Date.UTC(2026, 10, 23, 9);
  for (const at of [world.now() - 1, world.now(), monday - 1, monday + 8 * HOUR, monday + 7 * DAY])
    expect([at, (await ask({ at })).status]).toEqual([at, 409]);
  expect((await ask({ at: monday })).status).toBe(201);
});

test('where nobody is called, nobody can ask for it', async () => {
  await world.settings({ callbacks: false });
  expect((await ask()).status).toBe(409);
  expect(await types()).toEqual([]);
});

test('a number is digits; it is in no log and no problem document, and goes when everything is erased', async () => {
  for (const phone of ['', '12', 'call me', '+49 30 123456', `+${'1'.repeat(18)}`]) {
    const refused = await ask({ phone });
    expect([phone, refused.status]).toEqual([phone, 400]);
    if (phone) expect(refused.text).not.toContain(phone);
  }
  await ask({ note: 'Ring twice' });
  expect(world.log.join('')).not.toContain('30123456');
  const [, event] = await world.events(id);
  expect(redact(event)).toMatchObject({ type: 'callback.requested', phone: '', note: '' });
});

test('the channel says when people answer, what is usual, and whether they call', async () => {
  const read = async () => (await world.call(device, `GET /v1/web/${WEB_KEY}`, { proof: null })).body;
  expect(await read()).toMatchObject({ online: true, callbacks: true, replyMinutes: null });
  expect(await read()).not.toHaveProperty('hours');
  const week = { mon: [['09:00', '17:00']] };
  await world.settings({ hours: { timeZone: 'UTC', week }, replyMinutes: 5, callbacks: false });
  const monday = Date.UTC(2026, 10, 23, 9);
  expect(await read()).toMatchObject({
    hours: { open: false, changesAt: monday, week: [[monday, monday + 8 * HOUR]] },
    replyMinutes: 5,
    callbacks: false,
  });
  world.pass(DAY);
  expect(await read()).toMatchObject({ hours: { open: true, changesAt: monday + 8 * HOUR } });
});

test('what is usual is the median of the first answers of a week, once there are five', async () => {
  const read = async () => (await world.call(device, `GET /v1/web/${WEB_KEY}`, { proof: null })).body;
  for (const [index, minutes] of [1, 2, 3, 4, 30].entries()) {
    expect(await read()).toMatchObject({ replyMinutes: null });
    world.pass(10 * 60_000);
    const said = { clientId: `client-000${index}`, text: 'Hello' };
    await world.call(device, `POST /v1/conversations/${id}/messages`, { token, body: said });
    world.pass(minutes * 60_000);
    for (const text of ['Hi', 'Still there?'])
      await reply(world.rt, { conversationId: id, agentId: AGENT.id, text: `${text} ${index}` });
    world.pass(60_000);
    await resolve(world.rt, id);
  }
  world.pass(10 * 60_000);
  expect(await read()).toMatchObject({ replyMinutes: 3 });
  world.pass(8 * DAY);
  expect(await read()).toMatchObject({ replyMinutes: null });
});
