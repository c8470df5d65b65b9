/** Servers share what goes out to networks and what comes in. Each message goes out once, whoever sends it. */

import { randomUUID } from 'node:crypto';
import { addChannel, type Outside } from '@continuo/server';
import { DEMO_APP, DEMO_PAGE, metaJson, signature } from '@continuo-examples/messenger-simulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentClient } from '../support/agent-client.ts';
import { type Node, type Nodes, startNodes } from '../support/nodes.ts';
import { SOON } from '../support/patience.ts';
import { PAGE_ACCOUNT } from '../support/social-deployment.ts';

const MINUTE = 60_000;

/** What one server leaves another finds within seconds; on a busy machine all of it takes longer. */
vi.setConfig({ testTimeout: 120_000 });

/** A request to send a message, as a node made it. */
interface Sent {
  node: 'a' | 'b';
  to: string;
  text: string;
}

let sent: Sent[];
/** What the network does with a message before it takes it. */
let beforeTaking: (message: Sent) => Promise<void>;
let skew: number;
let nodes: Nodes;
let sara: AgentClient;

const readMessage = (node: 'a' | 'b', body: unknown): Sent | null => {
  const { recipient, message }: { recipient?: { id?: string }; message?: { text?: string } } =
    typeof body === 'string' ? JSON.parse(body) : {};
  return recipient?.id && message?.text ? { node, to: recipient.id, text: message.text } : null;
};

/** A network that takes every message, and knows nobody's name. */
const outsideOf = (node: 'a' | 'b'): Outside => ({
  now: () => Date.now() + skew,
  async fetch(_url, init) {
    const message = readMessage(node, init?.body);
    if (!message) return Response.json({ error: { code: 100, message: 'nobody' } }, { status: 400 });
    sent.push(message);
    await beforeTaking(message);
    return Response.json({ recipient_id: message.to, message_id: `mid_${randomUUID()}` });
  },
});

beforeEach(async () => {
  sent = [];
  beforeTaking = async () => {};
  skew = 0;
  nodes = await startNodes({
    environment: { CONTINUO_FOLLOW_DELAY_MS: '0' },
    outside: [outsideOf('a'), outsideOf('b')],
  });
  await addChannel(nodes.a.server.runtime, {
    workspaceId: nodes.workspaceId,
    kind: 'messenger',
    name: DEMO_PAGE.name,
    config: PAGE_ACCOUNT,
  });
  sara = await nodes.signIn();
});
afterEach(() => nodes.close());

const write = async ({ url }: Node, psid: string, text: string) => {
  const messaging = {
    sender: { id: psid },
    recipient: { id: DEMO_PAGE.id },
    timestamp: Date.now() + skew,
    message: { mid: `m_${randomUUID()}`, text },
  };
  const body = metaJson({
    object: 'page',
    entry: [{ id: DEMO_PAGE.id, time: Date.now(), messaging: [messaging] }],
  });
  const response = await fetch(`${url}/v1/webhooks/messenger`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${signature(DEMO_APP.secret, body)}`,
    },
    body,
  });
  expect(response.status).toBe(200);
};

const db = () => nodes.b.server.runtime.store.db;

const conversationOf = async (psid: string): Promise<string> => {
  const { id } = await db()
    .selectFrom('identities')
    .innerJoin('conversations', 'conversations.customer_id', 'identities.customer_id')
    .select('conversations.id')
    .where('identities.external_id', '=', psid)
    .executeTakeFirstOrThrow();
  return id;
};

/** Someone on the network who wrote, and their conversation. */
const meet = async (psid: string): Promise<string> => {
  await write(nodes.a, psid, 'Hello');
  return vi.waitFor(() => conversationOf(psid), SOON);
};

const post = (node: Node, path: string, body: unknown = {}) =>
  sara.fetch(node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const reply = async (node: Node, conversationId: string, text: string) => {
  const path = `/v1/inbox/conversations/${conversationId}/messages`;
  expect((await post(node, path, { clientId: randomUUID(), text })).status).toBe(201);
};

const deliveriesOf = (conversationId: string) =>
  db()
    .selectFrom('deliveries')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('seq')
    .execute();

const statesOf = async (conversationId: string) =>
  (await deliveriesOf(conversationId)).map(({ state }) => state);

test('replies written at both servers go out once each, in order for each customer', async () => {
  const people = Array.from({ length: 20 }, (_, index) => `psid_${index}`);
  const ids = await Promise.all(people.map((psid) => meet(psid)));
  const rounds = [1, 2, 3, 4];
  for (const round of rounds)
    await Promise.all(
      ids.map((id, index) => reply((index + round) % 2 === 0 ? nodes.a : nodes.b, id, `reply ${round}`)),
    );
  const told = () =>
    people.map((psid) =>
      sent
        .filter(({ to }) => to === psid)
        .map(({ text }) => text)
        .join('\n')
        .split('\n')
        .filter((line) => line !== ''),
    );
  const whole = people.map(() => rounds.map((round) => `reply ${round}`));
  await vi.waitFor(() => expect(told()).toEqual(whole), SOON);
  for (const id of ids)
    await vi.waitFor(async () => expect(new Set(await statesOf(id))).toEqual(new Set(['sent'])), SOON);
  expect(told()).toEqual(whole);
  expect(new Set(sent.map(({ node }) => node))).toEqual(new Set(['a', 'b']));
});

test('what falls due later, seen by both at the same moment, goes out once', async () => {
  const people = Array.from({ length: 30 }, (_, index) => `psid_${index}`);
  const ids = await Promise.all(people.map((psid) => meet(psid)));
  await nodes.a.server.runtime.store.write(async (tx) => {
    const now = Date.now();
    for (const [index, conversationId] of ids.entries()) {
      const { customer_id } = await tx.db
        .selectFrom('conversations')
        .select('customer_id')
        .where('id', '=', conversationId)
        .executeTakeFirstOrThrow();
      const identity = await tx.db
        .selectFrom('identities')
        .selectAll()
        .where('customer_id', '=', customer_id)
        .executeTakeFirstOrThrow();
      await tx.db
        .insertInto('deliveries')
        .values({
          id: `dlv_${index}`,
          conversation_id: conversationId,
          // The customer's own words stand for a reply's.
          seq: 2,
          identity_id: identity.id,
          channel_id: identity.channel_id,
          state: 'pending',
          content: null,
          attempts: 0,
          next_at: now + 1500,
          taken_until: null,
          lease_owner: null,
          lease_until: null,
          provider_id: null,
          sent_at: null,
          error: null,
          created_at: now,
          updated_at: now,
        })
        .execute();
    }
  });
  // Both look at once when the time has come.
  await vi.waitFor(
    async () => expect((await Promise.all(ids.map(statesOf))).flat()).toEqual(ids.map(() => 'sent')),
    SOON,
  );
  expect(sent.map(({ to }) => to).toSorted()).toEqual(people.toSorted());
});

test('what a server took and did not send before it died is sent by another', async () => {
  const id = await meet('psid_taken');
  await reply(nodes.a, id, 'first');
  await vi.waitFor(async () => expect(await statesOf(id)).toEqual(['sent']), SOON);
  const takenUntil = Date.now() + 2000;
  await nodes.a.server.runtime.store.write(async (tx) => {
    await tx.db
      .updateTable('deliveries')
      .set({ state: 'pending', next_at: 0, taken_until: takenUntil })
      .where('conversation_id', '=', id)
      .execute();
  });
  await vi.waitFor(async () => expect(await statesOf(id)).toEqual(['sent']), SOON);
  expect(sent).toHaveLength(2);
  expect(Date.now()).toBeGreaterThanOrEqual(takenUntil);
});

test('a send that its server never answered for is unknown to all; what it says after a retry is of no account', async () => {
  const id = await meet('psid_lost');
  const stuck = Promise.withResolvers<void>();
  beforeTaking = () => stuck.promise;
  await reply(nodes.a, id, 'Are you there?');
  await vi.waitFor(() => expect(sent).toHaveLength(1), SOON);
  const first = sent[0];
  skew = 2 * MINUTE;
  await vi.waitFor(async () => expect(await statesOf(id)).toEqual(['unknown']), SOON);
  expect(sent).toHaveLength(1);

  // An agent decides to send it again, at the server that is not stuck.
  beforeTaking = async () => {};
  const [delivery] = await deliveriesOf(id);
  const other = first?.node === 'a' ? nodes.b : nodes.a;
  const retried = await post(other, `/v1/inbox/conversations/${id}/deliveries/${delivery?.id}/retry`);
  expect(retried.status).toBe(204);
  await vi.waitFor(async () => expect(await statesOf(id)).toEqual(['sent']), SOON);
  const [settled] = await deliveriesOf(id);
  stuck.reject(new Error('the connection broke'));
  await vi.waitFor(async () => {
    await reply(other, id, 'Something else');
    expect(sent.length).toBeGreaterThan(2);
  }, SOON);
  expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'sent', provider_id: settled?.provider_id });
});

test('what one customer writes stays in order, whichever server it comes in at', async () => {
  const psid = 'psid_order';
  const said = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  for (const [index, text] of said.entries()) await write(index % 2 === 0 ? nodes.a : nodes.b, psid, text);
  await vi.waitFor(async () => {
    const rows = await db()
      .selectFrom('events')
      .select('body')
      .where('conversation_id', '=', await conversationOf(psid))
      .where('type', '=', 'message')
      .orderBy('seq')
      .execute();
    expect(rows.map(({ body }) => JSON.parse(body).text)).toEqual(said);
  }, SOON);
});

test('what a server took from a network and did not finish before it died is worked on by another', async () => {
  await meet('psid_here');
  const row = await db().selectFrom('inbound').selectAll().executeTakeFirstOrThrow();
  await nodes.a.server.runtime.store.write(async (tx) => {
    const { id: _, ...rest } = row;
    const again = { ...rest, external_id: 'again', processed_at: null, taken_until: Date.now() + 2000 };
    await tx.db.insertInto('inbound').values(again).execute();
  });
  const waiting = () => db().selectFrom('inbound').select('id').where('processed_at', 'is', null).execute();
  expect(await waiting()).toHaveLength(1);
  await vi.waitFor(async () => expect(await waiting()).toHaveLength(0), SOON);
});
