import { ContinueLink, OtherDevices } from '@continuo/protocol';
import { Value } from 'typebox/value';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { MINUTE } from '../sessions/testing/world.ts';
import { problem, useStage } from './testing/stage.ts';

const stage = useStage();

interface Held {
  token: string;
  conversationId: string;
}
let desk: Device;
let mine: Held;
beforeEach(async () => {
  desk = await createDevice();
  mine = await stage.world.open(desk);
  await stage.say(desk, mine, 'My parcel never came');
});

const ask = (by = desk, session = mine) =>
  stage.world.call(by, `POST /v1/conversations/${session.conversationId}/handoffs`, {
    token: session.token,
    body: { to: 'device' },
  });
const link = async (by = desk, session = mine) => {
  const { handoffId, url, expiresAt } = Value.Decode(ContinueLink, (await ask(by, session)).body);
  return { handoffId, url, expiresAt, token: /#continuo=([\w-]{43})$/.exec(url)?.[1] ?? '' };
};
const devices = async (by = desk, session = mine) =>
  Value.Decode(
    OtherDevices,
    (await stage.world.call(by, `GET /v1/conversations/${session.conversationId}/handoffs`, session)).body,
  ).devices;
const end = (handoffId: string, by = desk, session = mine) =>
  stage.world.call(by, `DELETE /v1/conversations/${session.conversationId}/handoffs/${handoffId}`, session);
const state = async (by: Device, session: Held) =>
  (await stage.world.call(by, 'GET /v1/session', session)).status;

test('the other device asks first, has the same conversation then, and the first one goes on', async () => {
  const { token, expiresAt, handoffId } = await link();
  expect(expiresAt).toBe(stage.world.now() + 5 * MINUTE);
  expect((await stage.peek(token)).body).toMatchObject({
    state: 'live',
    channel: { kind: 'web' },
    joinRequired: false,
  });
  const there = await stage.world.redeem(stage.phone, token);
  expect(there.conversationId).toBe(mine.conversationId);
  await stage.say(stage.phone, there, 'I write from my phone now');
  expect(JSON.stringify(await stage.history(desk, mine))).toContain('from my phone');
  expect(JSON.stringify(await stage.history(stage.phone, there))).toContain('My parcel never came');
  expect(await devices()).toMatchObject([{ handoffId }]);
  const steps = (await stage.world.events(mine.conversationId)).filter(({ type }) => type === 'handoff');
  expect(steps).toMatchObject([
    { step: 'offered', from: 'web', to: 'web' },
    { step: 'peeked', from: 'web', to: 'web' },
    { step: 'redeemed', from: 'web', to: 'web' },
  ]);
});

test('of two devices that scan one code at once, one has the conversation', async () => {
  const { token } = await link();
  const answers = await Promise.all([stage.redeem(token, stage.phone), stage.redeem(token, stage.other)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 410]);
});

test('a code works for five minutes, and only the newest', async () => {
  const first = await link();
  const second = await link();
  expect(await stage.redeem(first.token)).toMatchObject(problem(410, 'handoff_revoked'));
  stage.world.pass(5 * MINUTE);
  expect(await stage.redeem(second.token)).toMatchObject(problem(410, 'handoff_expired'));
});

test('five codes an hour, apart from the links of agents', async () => {
  const { conversationId } = stage.amina;
  const sent = await stage.world.offer(conversationId);
  const phone = await stage.world.redeem(stage.phone, sent);
  for (let n = 0; n < 5; n += 1) expect((await ask(stage.phone, phone)).status).toBe(201);
  expect(await ask(stage.phone, phone)).toMatchObject(problem(429, 'rate_limited'));
  expect(await stage.world.offer(conversationId)).toMatch(/^[\w-]{43}$/);
});

test('"Not me" opens nothing, and leaves the code to whom it was meant for', async () => {
  const { token } = await link();
  expect((await stage.decline(token, stage.other)).status).toBe(204);
  expect((await stage.redeem(token, stage.phone)).status).toBe(201);
});

test('a code dies with the session that asked for it', async () => {
  const { token } = await link();
  await stage.world.call(desk, 'DELETE /v1/session', mine);
  expect(await stage.redeem(token)).toMatchObject(problem(410, 'handoff_revoked'));
});

test('what came by a link passes on no more than it sees itself, and for no longer', async () => {
  const { conversationId } = stage.amina;
  await stage.resolve();
  await stage.world.writeSocial(stage.amina, 'And now something else');
  const first = await stage.world.redeem(stage.phone, await stage.world.offer(conversationId));
  stage.world.pass(60 * MINUTE);
  const second = await stage.world.redeem(stage.other, (await link(stage.phone, first)).token);
  expect(second.expiresAt).toBe(first.expiresAt);
  const seen = JSON.stringify(await stage.history(stage.other, second));
  expect(seen).toContain('something else');
  expect(seen).not.toContain('My parcel never came');
});

describe('the first device ends it there', () => {
  test('the session of the other device is over, its link too, and the first goes on', async () => {
    const { token, handoffId } = await link();
    const there = await stage.world.redeem(stage.phone, token);
    expect((await end(handoffId)).status).toBe(204);
    expect([await state(stage.phone, there), await state(desk, mine)]).toEqual([401, 200]);
    expect(await stage.redeem(token)).toMatchObject(problem(410, 'handoff_revoked'));
    expect(await devices()).toEqual([]);
  });

  test('a code that nobody used yet is dead', async () => {
    const { token, handoffId } = await link();
    await end(handoffId);
    expect(await stage.redeem(token)).toMatchObject(problem(410, 'handoff_revoked'));
  });

  test('nobody else does: not the other device, and no stranger', async () => {
    const { token, handoffId } = await link();
    const there = await stage.world.redeem(stage.phone, token);
    const stranger = await stage.world.open(stage.other);
    expect(await end(handoffId, stage.phone, there)).toMatchObject(problem(404, 'not_found'));
    expect(await end(handoffId, stage.other, stranger)).toMatchObject(problem(404, 'not_found'));
    expect(
      await end(handoffId, stage.other, { ...stranger, conversationId: mine.conversationId }),
    ).toMatchObject(problem(404, 'not_found'));
    expect(await ask(stage.other, { ...stranger, conversationId: mine.conversationId })).toMatchObject(
      problem(404, 'not_found'),
    );
    expect(await devices(stage.phone, there)).toEqual([]);
    expect(await state(stage.phone, there)).toBe(200);
  });

  test('a device that logs out leaves its own sessions behind only', async () => {
    const there = await stage.world.redeem(stage.phone, (await link()).token);
    await stage.world.call(stage.phone, 'DELETE /v1/session', there);
    expect(await state(desk, mine)).toBe(200);
  });
});
