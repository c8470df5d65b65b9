/**
 * Invariant 9 while a server is killed at each step of a delivery, against a network without a key of idempotence (the
 * simulated Messenger). At most one request goes out unasked; what may or may not have arrived is shown as unknown;
 * and the customer has the reply once.
 */

import type { Delivery } from '@continuo/protocol';
import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  type SimulatorServer,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import { addBrandOn } from '../support/brand-on.ts';
import { type Cluster, createCluster, type Engine } from '../support/cluster.ts';
import { createDevice, type Device } from '../support/device.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type MessengerCustomer, messengerCustomer } from '../support/messenger-customer.ts';
import type { Outside } from '../support/outside.ts';
import { SOON } from '../support/patience.ts';
import { PAGE_ACCOUNT } from '../support/social-deployment.ts';

/** A receipt that overtakes the echo of a send that nobody waits for any more tells nothing: then it stays `sent`. */
const ARRIVED = /^(sent|delivered)$/;
/** Milliseconds for one test: servers start slowly on a busy machine. */
const PATIENCE_MS = 300_000;
/** How long a server may be silent before it counts as held up, milliseconds. */
const SILENCE_MS = 500;
const ENGINES: [Engine, number][] = [
  ['sqlite', 1],
  ['postgres', 2],
];

describe.each(ENGINES)('on %s, nodes: %i', { timeout: PATIENCE_MS }, (engine, count) => {
  let cluster: Cluster;
  let outside: Outside;
  let simulator: SimulatorServer;
  /** Between our servers and Meta's, and back. */
  let toMeta: FaultProxy;
  let fromMeta: FaultProxy;
  let sara: AgentClient;
  let channelKey: string;
  let person: MessengerCustomer;
  let conversationId: string;

  beforeAll(async () => {
    const webhookRetryDelaysMs = Array.from({ length: 3000 }, () => 100);
    simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE], webhookRetryDelaysMs });
    toMeta = await startFaultProxy(simulator.url);
    const environment = {
      CONTINUO_MESSENGER_API_URL: toMeta.url + new URL(simulator.graphUrl).pathname,
      CONTINUO_FOLLOW_DELAY_MS: '300',
    };
    cluster = await createCluster(engine, { nodes: count, environment });
    const brand = await addBrandOn(cluster.nodes[0], { page: PAGE_ACCOUNT });
    ({ channelKey } = brand);
    await start();
    outside = await cluster.outside();
    fromMeta = await startFaultProxy(...cluster.nodes.map((node) => node.url));
    const url = `${fromMeta.url}/v1/webhooks/messenger`;
    await simulator.simulator.subscribe({ url, verifyToken: DEMO_VERIFY_TOKEN });
    sara = await signInAgent(cluster.nodes[0].url, brand.account);
  });
  afterAll(async () => {
    await outside?.close();
    await cluster?.dispose();
    await toMeta?.close();
    await fromMeta?.close();
    await simulator?.close();
  });

  const start = () => Promise.all(cluster.nodes.map((node) => node.start()));
  /** Every process at once: whichever of them was sending, it is gone. */
  const kill = () => Promise.all(cluster.nodes.map((node) => node.kill()));

  /** What the network tells us waits there. */
  const keepEchoes = () => {
    fromMeta.block(true);
    fromMeta.cut();
  };

  beforeEach(async () => {
    toMeta.decide = () => null;
    fromMeta.block(false);
    person = messengerCustomer({ simulator }, { firstName: 'Amina', lastName: 'Karimi' });
    person.write('My order is wrong');
    const find = () =>
      outside.rows(
        `SELECT v.id FROM conversations v JOIN identities i ON i.customer_id = v.customer_id
         WHERE i.external_id = ?`,
        person.psid,
      );
    await expect.poll(async () => (await find()).length, SOON).toBe(1);
    conversationId = String((await find())[0]?.id);
    await simulator.simulator.webhooks.settled();
  });

  const deliveryOf = async (seq: number): Promise<Delivery | undefined> => {
    const { body } = await sara.view(conversationId);
    return body.deliveries.find((delivery: Delivery) => delivery.seq === seq);
  };
  const stateOf = async (seq: number) => (await deliveryOf(seq))?.state;
  const calls = () => simulator.simulator.counters()[person.psid]?.calls ?? 0;
  const times = (text: string) =>
    person
      .texts()
      .join('\n')
      .split('\n')
      .filter((line) => line === text).length;
  const isSend = (line: string) => /^POST \S+\/messages /.test(line);
  const sends = () => toMeta.requests.filter(isSend).length;
  const reply = async (text: string): Promise<number> =>
    (await sara.reply(conversationId, text)).body.event.seq;
  /** As when the time of every send under way is over. */
  const endLeases = () => outside.rows("UPDATE deliveries SET lease_until = 0 WHERE state = 'sending'");
  /** The next reply goes out once and after: nothing is stuck, and nothing was repeated meanwhile. */
  const expectNextOnce = async (text: string) => {
    await reply(`after: ${text}`);
    await expect.poll(() => times(`after: ${text}`), SOON).toBe(1);
  };

  /** A device of the customer, on the page now. */
  const comeToThePage = async (): Promise<Device> => {
    await sara.request('POST', `/v1/inbox/conversations/${conversationId}/handoffs`, {
      clientId: 'offer-0001',
    });
    const token = (await person.receivedLink()).split('#').at(-1)?.replace('continuo=', '');
    const device = await createDevice(cluster.nodes[0].url);
    const redeemed = await device.request('POST', '/v1/handoffs/redeem', { token, channelKey });
    device.token = redeemed.body.token;
    device.conversationId = conversationId;
    return device;
  };

  test('before it is claimed: it waits for the customer on the page, and follows once after the restart', async () => {
    const device = await comeToThePage();
    const stream = await device.stream('now');
    const seq = await reply('Before the claim');
    await expect.poll(() => stream.events.some((event) => event.seq === seq), SOON).toBe(true);
    expect(await stateOf(seq)).toBe('held');
    await kill();
    await start();
    await expect.poll(() => stateOf(seq), SOON).toBe('delivered');
    await expectNextOnce('Before the claim');
    expect(times('Before the claim')).toBe(1);
  });

  test('claimed and not asked: it is unknown when its time is over, never repeated unasked, and sent once when asked for', async () => {
    const before = sends();
    toMeta.decide = (line) => (isSend(line) ? 'hold' : null);
    const seq = await reply('Nobody asked');
    await expect.poll(sends, SOON).toBe(before + 1);
    await kill();
    toMeta.decide = () => null;
    await start();
    expect(await stateOf(seq)).toBe('sending');
    await endLeases();
    await expect.poll(() => stateOf(seq), SOON).toBe('unknown');
    expect([sends(), times('Nobody asked')]).toEqual([before + 1, 0]);
    const path = `/v1/inbox/conversations/${conversationId}/deliveries/${(await deliveryOf(seq))?.id}/retry`;
    expect((await sara.request('POST', path)).status).toBe(204);
    await expect.poll(() => stateOf(seq), SOON).toBe('delivered');
    expect(times('Nobody asked')).toBe(1);
  });

  test('asked and not answered: unknown while the network is silent, settled by its echo, and there once', async () => {
    toMeta.decide = (line) => (isSend(line) ? 'hold_answer' : null);
    keepEchoes();
    const seq = await reply('Asked');
    await expect.poll(() => times('Asked'), SOON).toBe(1);
    await kill();
    toMeta.decide = () => null;
    await start();
    await endLeases();
    await expect.poll(() => stateOf(seq), SOON).toBe('unknown');
    fromMeta.block(false);
    await expect.poll(() => stateOf(seq), SOON).toMatch(ARRIVED);
    await expectNextOnce('Asked');
    expect([times('Asked'), calls()]).toEqual([1, 2]);
  });

  /** Whether a server wants to write and cannot. */
  const isHeldUp = async (): Promise<boolean> => {
    if (engine === 'postgres') {
      // Not from `pg_stat_activity`: within the transaction that holds the lock that does not change.
      const waiting = `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND relation = 'deliveries'::regclass AND NOT granted`;
      return (await outside.rows(waiting)).length > 0;
    }
    // The embedded engine waits with the whole process.
    const signal = AbortSignal.timeout(SILENCE_MS);
    return fetch(`${cluster.nodes[0].url}/healthz`, { signal }).then(
      () => false,
      () => true,
    );
  };

  test('answered and not written down: the echo settles it, and it is not sent again', async () => {
    toMeta.decide = (line) => (isSend(line) ? 'hold_answer' : null);
    keepEchoes();
    const seq = await reply('Answered');
    await expect.poll(() => times('Answered'), SOON).toBe(1);
    await outside.lock();
    toMeta.release();
    await expect.poll(isHeldUp, SOON).toBe(true);
    await kill();
    await outside.unlock();
    toMeta.decide = () => null;
    await start();
    expect(await stateOf(seq)).toBe('sending');
    fromMeta.block(false);
    await expect.poll(() => stateOf(seq), SOON).toBe('delivered');
    await expectNextOnce('Answered');
    expect([times('Answered'), calls()]).toEqual([1, 2]);
  });

  test('written down: nothing is left to do', async () => {
    keepEchoes();
    const seq = await reply('Settled');
    await expect.poll(() => stateOf(seq), SOON).toBe('sent');
    await kill();
    await start();
    expect(await stateOf(seq)).toBe('sent');
    fromMeta.block(false);
    await expect.poll(() => stateOf(seq), SOON).toBe('delivered');
    await expectNextOnce('Settled');
    expect([times('Settled'), calls()]).toEqual([1, 2]);
  });

  test('whether they come and go without end, each reply reaches them once', async () => {
    const device = await comeToThePage();
    const flap = async (times: number) => {
      for (let n = 0; n < times; n += 1) {
        const stream = await device.stream('now');
        await device.request('POST', `/v1/conversations/${conversationId}/presence`, {
          visible: n % 2 === 0,
        });
        stream.cancel();
      }
    };
    const flapping = flap(60);
    const replies: { seq: number; text: string }[] = [];
    let read = 0;
    for (let n = 0; n < 12; n += 1) {
      const text = `while they come and go ${n}`;
      replies.push({ seq: await reply(text), text });
      if (n % 4 !== 3) continue;
      read = replies.at(-1)?.seq ?? 0;
      await device.request('POST', `/v1/conversations/${conversationId}/receipts`, { received: read, read });
    }
    await flapping;
    await device.request('POST', `/v1/conversations/${conversationId}/presence`, { visible: false });
    for (const { seq, text } of replies) {
      await expect.poll(() => stateOf(seq), SOON).toMatch(/^(web|delivered|read)$/);
      const state = await stateOf(seq);
      expect({ text, times: times(text) }).toEqual({ text, times: state === 'web' ? 0 : 1 });
      if (state === 'web') expect(seq).toBeLessThanOrEqual(read);
    }
  });
});
