/** Invariants 2, 7 and 8 where the two that race are on different servers. */

import { randomUUID } from 'node:crypto';
import { addChannel } from '@continuo/server';
import {
  DEMO_APP,
  DEMO_PAGE,
  metaJson,
  type SimulatorServer,
  signature,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDevice, type Device } from '../support/device.ts';
import { type Node, type Nodes, requestAt, startNodes } from '../support/nodes.ts';
import { SOON } from '../support/patience.ts';
import { PAGE_ACCOUNT } from '../support/social-deployment.ts';
import { openSse, type SseReader } from '../support/sse.ts';

const RACERS = 50;

let simulator: SimulatorServer;
let nodes: Nodes;
let inbox: SseReader;
beforeAll(async () => {
  simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE] });
  nodes = await startNodes({ environment: { CONTINUO_MESSENGER_API_URL: simulator.graphUrl } });
  const { workspaceId } = nodes;
  await addChannel(nodes.a.server.runtime, {
    workspaceId,
    kind: 'messenger',
    name: DEMO_PAGE.name,
    config: PAGE_ACCOUNT,
  });
  const sara = await nodes.signIn();
  inbox = await openSse(sara.fetch, `${nodes.a.url}/v1/inbox/signals`);
});
afterAll(async () => {
  inbox.cancel();
  await nodes.close();
  await simulator.close();
});

/** One after the other node. */
const nodeOf = (index: number): Node => (index % 2 === 0 ? nodes.a : nodes.b);

const race = <T>(run: (node: Node, index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: RACERS }, (_, index) => run(nodeOf(index), index)));

const post = (node: Node, device: Device, [path, body]: [path: string, body: unknown]) =>
  requestAt(node, device, { method: 'POST', path, body });

const webhook = ({ url }: Node, messaging: unknown) => {
  const text = metaJson({
    object: 'page',
    entry: [{ id: DEMO_PAGE.id, time: Date.now(), messaging: [messaging] }],
  });
  return fetch(`${url}/v1/webhooks/messenger`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${signature(DEMO_APP.secret, text)}`,
    },
    body: text,
  });
};

/** Everything there is of one customer, found by their address. */
const everythingOf = async (externalId: string) => {
  const { db } = nodes.b.server.runtime.store;
  const identities = await db
    .selectFrom('identities')
    .selectAll()
    .where('external_id', '=', externalId)
    .execute();
  const conversations = await db
    .selectFrom('conversations')
    .selectAll()
    .where(
      'customer_id',
      'in',
      identities.map(({ customer_id }) => customer_id),
    )
    .execute();
  const ids = conversations.map(({ id }) => id);
  const cases = await db.selectFrom('cases').selectAll().where('conversation_id', 'in', ids).execute();
  const events = await db
    .selectFrom('events')
    .selectAll()
    .where('conversation_id', 'in', ids)
    .orderBy('seq')
    .execute();
  return { identities, conversations, cases, events };
};

const expectOneOfEach = async (externalId: string, messages: number) => {
  const { identities, conversations, cases, events } = await everythingOf(externalId);
  expect(identities).toHaveLength(1);
  expect(conversations).toHaveLength(1);
  expect(cases).toHaveLength(1);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const count = (type: string) => events.filter((event) => event.type === type).length;
  expect({ opened: count('case.opened'), assigned: count('assigned'), messages: count('message') }).toEqual({
    opened: 1,
    assigned: 1,
    messages,
  });
  expect(conversations[0]).toMatchObject({ assignee_id: nodes.agent.id, unread: messages, status: 'open' });
};

test('fifty first contacts from a network, at both servers at once, each of them twice', async () => {
  const psid = `psid_${randomUUID()}`;
  const messaging = (index: number) => ({
    sender: { id: psid },
    recipient: { id: DEMO_PAGE.id },
    timestamp: Date.now(),
    message: { mid: `m_race_${index}`, text: `message ${index}` },
  });
  const answers = await race(async (node, index) => [
    await webhook(node, messaging(index)),
    await webhook(nodeOf(index + 1), messaging(index)),
  ]);
  expect(answers.flat().map(({ status }) => status)).toEqual(Array(RACERS * 2).fill(200));
  await vi.waitFor(() => expectOneOfEach(psid, RACERS), SOON);
});

test('fifty first contacts of one device', async () => {
  const device = await createDevice(nodes.a.url);
  const opened = await race(async (node) => {
    const answer = await post(node, device, ['/v1/sessions', { channelKey: nodes.channelKey }]);
    expect(answer.status).toBe(201);
    const session: { token: string; conversationId: string } = await answer.json();
    return session;
  });
  const [first] = opened;
  if (!first) throw new Error('no session');
  expect(new Set(opened.map(({ conversationId }) => conversationId)).size).toBe(1);
  device.token = first.token;
  const path = `/v1/conversations/${first.conversationId}/messages`;
  const sent = await race((node, index) =>
    post(node, device, [path, { clientId: `a_racer_${index}`, text: `message ${index}` }]),
  );
  expect(sent.map(({ status }) => status)).toEqual(Array(RACERS).fill(201));
  await expectOneOfEach(device.thumbprint, RACERS);
});

test('one client id, sent to both servers at once, is one message; with another text a conflict', async () => {
  const device = await nodes.customer();
  const path = `/v1/conversations/${device.conversationId}/messages`;
  const same = await race((node) => post(node, device, [path, { clientId: 'the_same_id', text: 'once' }]));
  expect(same.map(({ status }) => status).toSorted()).toEqual([...Array(RACERS - 1).fill(200), 201]);
  const events = await Promise.all(same.map((answer) => answer.json()));
  for (const event of events) expect(event).toEqual(events[0]);

  const texts = await race((node, index) =>
    post(node, device, [path, { clientId: 'a_contested_id', text: `text ${index}` }]),
  );
  expect(texts.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(texts.filter(({ status }) => status === 409)).toHaveLength(RACERS - 1);
  await expectOneOfEach(device.thumbprint, 3);
});

/** Holds back what both servers ask of networks from now on. @returns lets it go: a server waits at its end for what it sends */
const holdFetches = (): (() => void) => {
  const released = Promise.withResolvers<void>();
  const spies = [nodes.a, nodes.b].map(({ server: { runtime } }) => {
    const ask = runtime.fetch;
    return vi.spyOn(runtime, 'fetch').mockImplementation(async (...request) => {
      await released.promise;
      return ask(...request);
    });
  });
  return () => {
    for (const spy of spies) spy.mockRestore();
    released.resolve();
  };
};

/** A link into the thread of someone on the network, as it arrives there. */
const linkFor = async (): Promise<string> => {
  const psid = `psid_${randomUUID()}`;
  const mid = `m_${randomUUID()}`;
  const messaging = { sender: { id: psid }, recipient: { id: DEMO_PAGE.id }, timestamp: Date.now() };
  await webhook(nodes.a, { ...messaging, message: { mid, text: 'Help' } });
  const { store, secrets } = nodes.b.server.runtime;
  const find = async () => (await everythingOf(psid)).conversations[0]?.id;
  await vi.waitFor(async () => expect(await find()).toBeDefined(), SOON);
  const sara = await nodes.signIn();
  // While it is being sent, its content is kept, sealed; it is wiped when it is over.
  const { db } = store;
  const release = holdFetches();
  const path = `${nodes.a.url}/v1/inbox/conversations/${await find()}/handoffs`;
  const offered = await sara.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientId: randomUUID() }),
  });
  expect(offered.status).toBe(201);
  const { content } = await db
    .selectFrom('deliveries')
    .select('content')
    .where('conversation_id', '=', String(await find()))
    .where('content', 'is not', null)
    .executeTakeFirstOrThrow();
  release();
  return /#continuo=([\w-]{43})"/.exec(secrets.open(content ?? ''))?.[1] ?? '';
};

test('one token, pressed by fifty devices at both servers at once, is one session', async () => {
  const token = await linkFor();
  const devices = await Promise.all(Array.from({ length: RACERS }, () => createDevice(nodes.a.url)));
  const redeem = (node: Node, device: Device | undefined) => {
    if (!device) throw new Error('no device');
    return post(node, device, ['/v1/handoffs/redeem', { token, channelKey: nodes.channelKey }]);
  };
  const answers = await race((node, index) => redeem(node, devices[index]));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const codes = await Promise.all(
    answers
      .filter(({ status }) => status !== 201)
      .map(async (answer) => {
        const { code }: { code: string } = await answer.json();
        return code;
      }),
  );
  for (const code of codes) expect(['handoff_used', 'unavailable']).toContain(code);
  const winner = devices[answers.findIndex(({ status }) => status === 201)];
  const sessions = await nodes.a.server.runtime.store.db
    .selectFrom('sessions')
    .select('key_thumbprint')
    .where('handoff_id', 'is not', null)
    .execute();
  expect(sessions).toEqual([{ key_thumbprint: winner?.thumbprint }]);
  // The same device may press again, at either.
  expect((await redeem(nodes.b, winner)).status).toBe(201);
});
