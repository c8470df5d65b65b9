/** Invariant 8, over HTTP: however many first contacts arrive at once, one customer has one conversation, one open case and one assignee. */

import type { ConversationEvent } from '@continuo/protocol';
import { DEMO_PAGE } from '@continuo-examples/messenger-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SocialDeployment, startSocialDeployment } from '../support/social-deployment.ts';
import type { SseReader } from '../support/sse.ts';

const CONTACTS = 50;

let social: SocialDeployment;
let inbox: SseReader;
beforeAll(async () => {
  social = await startSocialDeployment();
  inbox = await social.sara.connect();
});
afterAll(async () => {
  inbox.cancel();
  await social.close();
});

const of = (events: readonly ConversationEvent[], type: ConversationEvent['type']) =>
  events.filter((event) => event.type === type);

/** Everything there is of one customer, found by their address. */
const everythingOf = async (externalId: string) => {
  const { db } = social.server.runtime.store;
  const identities = await db
    .selectFrom('identities')
    .selectAll()
    .where('external_id', '=', externalId)
    .execute();
  const customerIds = identities.map(({ customer_id }) => customer_id);
  const conversations = await db
    .selectFrom('conversations')
    .selectAll()
    .where('customer_id', 'in', customerIds)
    .execute();
  const cases = await db
    .selectFrom('cases')
    .selectAll()
    .where(
      'conversation_id',
      'in',
      conversations.map(({ id }) => id),
    )
    .execute();
  return { identities, conversations, cases };
};

test('fifty signed webhooks of one stranger at once, each of them twice', async () => {
  const { psid } = social.person();
  const event = (index: number) => ({
    sender: { id: psid },
    recipient: { id: DEMO_PAGE.id },
    timestamp: Date.now(),
    message: { mid: `m_first_contact_${index}`, text: `message ${index}` },
  });
  const posts = Array.from({ length: CONTACTS * 2 }, (_, index) =>
    social.webhook({
      object: 'page',
      entry: [{ id: DEMO_PAGE.id, time: Date.now(), messaging: [event(index % CONTACTS)] }],
    }),
  );
  expect(new Set((await Promise.all(posts)).map(({ status }) => status))).toEqual(new Set([200]));
  await social.quiet();

  const { identities, conversations, cases } = await everythingOf(psid);
  expect([identities.length, conversations.length, cases.length]).toEqual([1, 1, 1]);
  expect(conversations[0]).toMatchObject({ status: 'open', case_number: 1, assignee_id: social.agent.id });
  const log = await social.log(conversations[0]?.id ?? '');
  expect(of(log, 'message')).toHaveLength(CONTACTS);
  expect(of(log, 'case.opened')).toHaveLength(1);
  expect(of(log, 'assigned')).toHaveLength(1);
});

test('fifty tabs of one device that open a session and write at once', async () => {
  const device = await social.device();
  const path = '/v1/sessions';
  const sessions = await Promise.all(
    Array.from({ length: CONTACTS }, () => device.request('POST', path, { channelKey: social.channelKey })),
  );
  expect(new Set(sessions.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(sessions.map(({ body }) => body.conversationId)).size).toBe(1);
  expect(new Set(sessions.map(({ body }) => body.customer.id)).size).toBe(1);

  device.conversationId = sessions[0]?.body.conversationId;
  const url = `${social.url}/v1/conversations/${device.conversationId}/messages`;
  const tabs = [];
  for (const { body } of sessions) {
    device.token = body.token;
    tabs.push({ ...(await device.headers('POST', url)), 'content-type': 'application/json' });
  }
  const answers = await Promise.all(
    tabs.map((headers, index) => {
      const body = JSON.stringify({ clientId: `client-${index}`, text: `tab ${index}` });
      return fetch(url, { method: 'POST', headers, body });
    }),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));

  const { identities, conversations, cases } = await everythingOf(device.thumbprint);
  expect([identities.length, conversations.length, cases.length]).toEqual([1, 1, 1]);
  const log = await social.log(device.conversationId);
  expect(of(log, 'message')).toHaveLength(CONTACTS);
  expect(of(log, 'case.opened')).toHaveLength(1);
  expect(of(log, 'assigned')).toEqual([
    expect.objectContaining({ agent: expect.objectContaining({ id: social.agent.id }), reason: 'auto' }),
  ]);
});
