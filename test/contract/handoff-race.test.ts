/** Invariant 7, over HTTP: one token yields at most one device's session, under bots, retries and racing devices. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Device } from '../support/device.ts';
import { type SocialDeployment, startSocialDeployment } from '../support/social-deployment.ts';

const DEVICES = 20;

let social: SocialDeployment;
beforeAll(async () => {
  social = await startSocialDeployment();
});
afterAll(() => social.close());

/** A conversation from Messenger, and the token of the link that was sent into it. */
const offer = async (): Promise<{ conversationId: string; link: URL; token: string }> => {
  const person = social.person();
  person.write('My order is wrong');
  await social.quiet();
  const conversationId = (await social.conversationOf(person.psid)) ?? '';
  const path = `/v1/inbox/conversations/${conversationId}/handoffs`;
  const offered = await social.sara.request('POST', path, { clientId: 'offer-0001' });
  expect(offered.status).toBe(201);
  const link = new URL(await person.receivedLink());
  return { conversationId, link, token: link.hash.replace(/^#(continuo=)?/, '') };
};

const redeem = (device: Device, token: string) =>
  device.request('POST', '/v1/handoffs/redeem', { token, channelKey: social.channelKey });

const sessionsOf = async (conversationId: string) => {
  const rows = await social.server.runtime.store.db
    .selectFrom('sessions')
    .select('key_thumbprint')
    .where('conversation_id', '=', conversationId)
    .where('revoked_at', 'is', null)
    .execute();
  return new Set(rows.map(({ key_thumbprint }) => key_thumbprint));
};

const redemptionsIn = async (conversationId: string) =>
  (await social.log(conversationId)).filter((event) => event.type === 'handoff' && event.step === 'redeemed');

test('of twenty devices that press at once, each several times, one gets the conversation', async () => {
  const { conversationId, token } = await offer();
  const devices = await Promise.all(Array.from({ length: DEVICES }, () => social.device()));
  const presses = [0, 1, 2].flatMap(() =>
    devices.map(async (device) => ({ device, answer: await redeem(device, token) })),
  );
  const answers = await Promise.all(presses);
  const winners = new Set(answers.filter(({ answer }) => answer.status === 201).map(({ device }) => device));
  expect(winners.size).toBe(1);
  const [winner] = winners;
  for (const { device, answer } of answers) {
    if (device === winner) expect(answer.body).toMatchObject({ conversationId });
    else expect(answer.problem).toMatchObject({ status: 410, code: 'handoff_used', renewable: true });
  }
  expect(await sessionsOf(conversationId)).toEqual(new Set([winner?.thumbprint]));
  expect(await redemptionsIn(conversationId)).toHaveLength(1);
});

test('what follows links, and even posts to them, uses nothing up', async () => {
  const { conversationId, link, token } = await offer();
  const page = link.origin + link.pathname;
  for (const method of ['GET', 'HEAD', 'POST'])
    await fetch(page, { method, ...(method === 'POST' && { body: token }) });
  await fetch(`${page}?continuo=${token}`);
  const json = { 'content-type': 'application/json', 'continuo-version': '1' };
  for (const step of ['peek', 'redeem', 'decline', 'renew']) {
    const body = JSON.stringify({ token, channelKey: social.channelKey });
    const bot = await fetch(`${social.url}/v1/handoffs/${step}`, { method: 'POST', headers: json, body });
    expect([400, 401]).toContain(bot.status);
  }
  const bots = await Promise.all(Array.from({ length: 5 }, () => social.device()));
  for (const bot of bots) {
    const peek = await bot.request('POST', '/v1/handoffs/peek', { token });
    expect(peek.body).toMatchObject({ state: 'live', agent: null });
  }
  expect(await sessionsOf(conversationId)).toEqual(new Set());

  const human = await social.device();
  expect((await redeem(human, token)).status).toBe(201);
  expect(await sessionsOf(conversationId)).toEqual(new Set([human.thumbprint]));
});

test('the same device gets the same conversation again, and can say it is its own', async () => {
  const { conversationId, token } = await offer();
  const device = await social.device();
  const first = await redeem(device, token);
  const again = await redeem(device, token);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body.conversationId).toBe(conversationId);
  const peek = await device.request('POST', '/v1/handoffs/peek', { token });
  expect(peek.body.state).toBe('yours');
  expect(await redemptionsIn(conversationId)).toHaveLength(1);
});

test('a link that a newer one replaced is over, and two never live at once', async () => {
  const { conversationId, token } = await offer();
  const path = `/v1/inbox/conversations/${conversationId}/handoffs`;
  await social.sara.request('POST', path, { clientId: 'offer-0002' });
  const answer = await redeem(await social.device(), token);
  expect(answer.problem).toMatchObject({ code: 'handoff_revoked' });
  expect(await sessionsOf(conversationId)).toEqual(new Set());
});
