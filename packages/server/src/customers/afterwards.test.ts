import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHousekeeping } from '../ops/housekeeping.ts';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, DAY, HOUR, MINUTE, type World } from '../sessions/testing/world.ts';
import { redact } from './redact.ts';

let world: World;
let device: Device;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
});
afterEach(() => world.close());

/** A device that came by a link from Messenger into the second of two cases. */
const arrive = async () => {
  const social = await world.social();
  const { token } = await world.redeem(device, await world.offer(social.conversationId));
  const call = (line: string, body?: object) => {
    const [method, what] = line.split(' ');
    return world.call(device, `${method} /v1/conversations/${social.conversationId}${what ?? ''}`, {
      token,
      ...(body && { body }),
    });
  };
  return { social, call };
};

const sweep = async (): Promise<void> => {
  const worker = createHousekeeping(world.rt, { forgetEnded: async () => {} });
  worker.start();
  await worker.close();
};

test('a case is rated within 7 days, and not after', async () => {
  const { call } = await arrive();
  await call('POST /resolve', { case: 1 });
  world.pass(2 * DAY);
  expect((await call('POST /rating', { case: 1, score: 3 })).status).toBe(204);
  world.pass(2 * DAY);
  expect((await call('POST /rating', { case: 1, score: 2 })).status).toBe(204);
  world.pass(2 * DAY);
  expect((await call('POST /rating', { case: 1, score: 1 })).status).toBe(204);
  world.pass(DAY + MINUTE);
  expect(await call('POST /rating', { case: 1, score: 5 })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
});

test('who came by a link finds, rates and takes along nothing of what is before it', async () => {
  const social = await world.social();
  await world.rt.store.write(async (tx) => {
    await tx.append(social.conversationId, [{ type: 'case.resolved', case: 1, actor: world.agent }]);
    await tx.db.updateTable('cases').set({ resolved_at: world.now() }).execute();
    await tx.db.updateTable('conversations').set({ status: 'resolved' }).execute();
  });
  await world.writeSocial(social, 'Another matter');
  const { token } = await world.redeem(device, await world.offer(social.conversationId));
  const base = `/v1/conversations/${social.conversationId}`;
  const get = async (what: string) => (await world.call(device, `GET ${base}${what}`, { token })).text;
  expect(await get('/search?q=parcel')).toBe('{"results":[],"before":null}');
  expect(await get('/search?q=matter')).toContain('Another matter');
  expect(JSON.parse(await get('/cases')).cases).toMatchObject([{ number: 2 }]);
  expect(await get('/export')).not.toContain('parcel');
  expect(await get('/export')).toContain('Another matter');
  const rating = { token, body: { case: 1, score: 1 } };
  expect(await world.call(device, `POST ${base}/rating`, rating)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  });
});

test('a customer is erased when the day is over and not before, on every network, and is a new one after', async () => {
  const { social, call } = await arrive();
  await call('POST /erase');
  world.pass(DAY - HOUR);
  await sweep();
  expect(JSON.stringify(await world.events(social.conversationId))).toContain('parcel');
  world.pass(HOUR);
  expect(await call('DELETE /erase')).toMatchObject({ status: 409 });
  await sweep();
  const text = JSON.stringify(await world.events(social.conversationId));
  expect(text).not.toContain('parcel');
  expect(text).not.toContain('Amina');
  const identities = await world.rt.store.db.selectFrom('identities').selectAll().execute();
  for (const { name, external_id, id } of identities)
    expect([name, external_id]).toEqual([null, `erased:${id}`]);
  // The device that came by the link is nobody's now, and may begin a conversation of its own.
  expect(await call('GET')).toMatchObject({ status: 401, body: { code: 'session_ended', renewable: false } });
  const fresh = await world.open(device);
  expect(fresh.conversationId).not.toBe(social.conversationId);
});

test('a conversation that was joined into another is erased with it', async () => {
  const own = await world.open(device);
  await world.call(device, `POST /v1/conversations/${own.conversationId}/messages`, {
    token: own.token,
    body: { clientId: 'client-0001', text: 'canary of my own' },
  });
  const social = await world.social();
  const { token } = await world.redeem(device, await world.offer(social.conversationId), true);
  await world.call(device, `POST /v1/conversations/${social.conversationId}/erase`, { token });
  world.pass(DAY);
  await sweep();
  expect(JSON.stringify(await world.events(own.conversationId))).not.toContain('canary');
});

test('redacting leaves an event of its type, and takes words, files and the customer’s name, also of types to come', () => {
  const actor = { kind: 'customer', id: 'cus_1', name: 'Amina' };
  const event = {
    seq: 3,
    at: 1,
    type: 'message.something',
    author: actor,
    agent: { kind: 'agent', id: 'agt_1', name: 'Sara' },
    text: 'words',
    nested: { comment: 'words', caption: 'words', list: [{ text: 'words' }] },
    attachments: [{ type: 'file', url: 'https://words.example', name: 'words.pdf' }],
  };
  expect(redact(event)).toEqual({
    ...event,
    author: { ...actor, name: null },
    text: '',
    nested: { comment: '', caption: '', list: [{ text: '' }] },
    attachments: [],
  });
});
