/**
 * Invariant 9, against the simulated Messenger: a reply is delivered to the customer once, on the web or on the network,
 * never both, never neither; and what may or may not have arrived is shown, and never repeated unasked.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '@continuo/protocol';
import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  type SimulatorServer,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import { addBrandOn } from '../support/brand-on.ts';
import type { Device } from '../support/device.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type MessengerCustomer, messengerCustomer } from '../support/messenger-customer.ts';
import { SOON } from '../support/patience.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';
import { PAGE_ACCOUNT, type SocialDeployment, startSocialDeployment } from '../support/social-deployment.ts';
import type { SseReader } from '../support/sse.ts';

const times = (person: MessengerCustomer, text: string) =>
  person
    .texts()
    .join('\n')
    .split('\n')
    .filter((line) => line === text).length;

describe('a customer who carried on on the web', () => {
  let social: SocialDeployment;
  let person: MessengerCustomer;
  let device: Device;
  let conversationId: string;
  let stream: SseReader;

  beforeAll(async () => {
    social = await startSocialDeployment();
  });
  afterAll(() => social.close());
  afterEach(() => {
    stream.cancel();
    social.simulator.simulator.faults.clear();
  });

  const arrive = async () => {
    person = social.person();
    person.write('My order is wrong');
    await social.quiet();
    conversationId = (await social.conversationOf(person.psid)) ?? '';
    const path = `/v1/inbox/conversations/${conversationId}/handoffs`;
    await social.sara.request('POST', path, { clientId: 'offer-0001' });
    const token = (await person.receivedLink()).split('#').at(-1)?.replace('continuo=', '');
    device = await social.device();
    const answer = await device.request('POST', '/v1/handoffs/redeem', {
      token,
      channelKey: social.channelKey,
    });
    device.token = answer.body.token;
    device.conversationId = conversationId;
    stream = await device.stream('now');
  };

  const reply = async (text: string): Promise<number> => {
    const { body } = await social.sara.reply(conversationId, text);
    return body.event.seq;
  };
  const stateOf = async (seq: number) =>
    (await social.deliveries(conversationId)).find((delivery) => delivery.seq === seq)?.state;
  const read = (seq: number) =>
    device.request('POST', `/v1/conversations/${conversationId}/receipts`, { received: seq, read: seq });
  const leave = () =>
    device.request('POST', `/v1/conversations/${conversationId}/presence`, { visible: false });

  test('what they read on the page never goes to Messenger', async () => {
    await arrive();
    const seq = await reply('Read on the page');
    await expect.poll(() => stream.events.some((event) => event.seq === seq), SOON).toBe(true);
    await read(seq);
    await expect.poll(() => stateOf(seq), SOON).toBe('web');
    await leave();
    const next = await reply('And this one later');
    await expect.poll(() => times(person, 'And this one later'), SOON).toBe(1);
    expect(next).toBeGreaterThan(seq);
    expect(times(person, 'Read on the page')).toBe(0);
  });

  test('while they are on the page and have not read it, it waits; when they have left, it follows once', async () => {
    await arrive();
    const seq = await reply('Left unread');
    await expect.poll(() => stream.events.some((event) => event.seq === seq), SOON).toBe(true);
    expect(await stateOf(seq)).toBe('held');
    expect(times(person, 'Left unread')).toBe(0);
    await leave();
    await expect.poll(() => times(person, 'Left unread'), SOON).toBe(1);
    await expect.poll(() => stateOf(seq), SOON).toBe('delivered');
    await read(seq);
    await reply('A later one');
    await expect.poll(() => times(person, 'A later one'), SOON).toBe(1);
    expect(times(person, 'Left unread')).toBe(1);
  });

  test('what the customer types on the web is not mirrored', async () => {
    await arrive();
    await device.send('Typed on the web');
    await leave();
    await reply('The answer');
    await expect.poll(() => times(person, 'The answer'), SOON).toBe(1);
    expect(person.texts().join()).not.toContain('Typed on the web');
  });

  test('an answer that is lost is no second message: shown as unknown, settled by the echo', async () => {
    await arrive();
    await leave();
    social.simulator.simulator.faults.plan({ next: 'drop_after_send', count: 1, delayMs: 0 });
    const seen: (string | undefined)[] = [];
    const seq = await reply('The answer was lost');
    await expect
      .poll(async () => {
        seen.push(await stateOf(seq));
        return seen.at(-1);
      }, SOON)
      .toBe('delivered');
    expect(times(person, 'The answer was lost')).toBe(1);
  });

  test('what the network may not have is unknown, is not repeated unasked, and is sent once when it is asked for', async () => {
    await arrive();
    await leave();
    social.simulator.simulator.faults.plan({ next: 'drop_before_send', count: 1, delayMs: 0 });
    const seq = await reply('It may be lost');
    await expect.poll(() => stateOf(seq), SOON).toBe('unknown');
    await reply('The next one');
    await expect.poll(() => times(person, 'The next one'), SOON).toBe(1);
    expect([await stateOf(seq), times(person, 'It may be lost')]).toEqual(['unknown', 0]);

    const id = (await social.deliveries(conversationId)).find((delivery) => delivery.seq === seq)?.id;
    const path = `/v1/inbox/conversations/${conversationId}/deliveries/${id}/retry`;
    expect((await social.sara.request('POST', path)).status).toBe(204);
    await expect.poll(() => stateOf(seq), SOON).toBe('delivered');
    expect(times(person, 'It may be lost')).toBe(1);
    expect((await social.sara.request('POST', path)).problem).toMatchObject({ code: 'conflict' });
  });

  test('whatever customers do meanwhile, each reply reaches each of them exactly once', async () => {
    const people = [];
    for (let index = 0; index < 8; index += 1) {
      await arrive();
      people.push({ person, device, conversationId, stream });
    }
    const outcomes = await Promise.all(
      people.map(async ({ conversationId: id, stream: open, ...customer }, index) => {
        const text = `reply to ${index}`;
        const { body } = await social.sara.reply(id, text);
        const { seq } = body.event;
        const reads = index % 3 === 0;
        if (reads) {
          const path = `/v1/conversations/${id}/receipts`;
          await customer.device.request('POST', path, { received: seq, read: seq });
        }
        // Leaves in the very moment, with or without having read it.
        open.cancel();
        await customer.device.request('POST', `/v1/conversations/${id}/presence`, { visible: false });
        const state = async () =>
          (await social.deliveries(id)).find((delivery: Delivery) => delivery.seq === seq)?.state;
        await expect.poll(state, SOON).toBe(reads ? 'web' : 'delivered');
        return { reads, times: times(customer.person, text) };
      }),
    );
    for (const { reads, times: received } of outcomes) expect(received).toBe(reads ? 0 : 1);
  });
});

describe('a server that is killed between asking the network and hearing its answer', () => {
  let server: ServerProcess;
  let simulator: SimulatorServer;
  /** The network between our server and Meta's. */
  let proxy: FaultProxy;
  let sara: AgentClient;
  let person: MessengerCustomer;
  let conversationId = '';

  beforeAll(async () => {
    // Meta goes on for hours: here for longer than a server takes to start on a busy machine.
    const webhookRetryDelaysMs = Array.from({ length: 3000 }, () => 100);
    simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE], webhookRetryDelaysMs });
    proxy = await startFaultProxy(simulator.url);
    const environment = {
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_MESSENGER_API_URL: proxy.url + new URL(simulator.graphUrl).pathname,
      CONTINUO_FOLLOW_DELAY_MS: '100',
      CONTINUO_RATE_LIMITS: 'false',
    };
    server = await createServerProcess(environment, 'source');
    const { account } = await addBrandOn(server, { page: PAGE_ACCOUNT });
    await server.start();
    const url = `${server.url}/v1/webhooks/messenger`;
    await simulator.simulator.subscribe({ url, verifyToken: DEMO_VERIFY_TOKEN });
    sara = await signInAgent(server.url, account);
  });
  afterAll(async () => {
    await server.dispose();
    await proxy.close();
    await simulator.close();
  });

  const arrive = async () => {
    person = messengerCustomer({ simulator }, { firstName: 'Amina', lastName: 'Karimi' });
    person.write('My order is wrong');
    await simulator.simulator.webhooks.settled();
    const newest = async () => {
      const { body } = await sara.request('GET', '/v1/inbox/conversations');
      return body.conversations[0]?.id ?? conversationId;
    };
    const before = conversationId;
    await expect.poll(newest, SOON).not.toBe(before);
    conversationId = await newest();
  };
  const isSend = (line: string) => /^POST \S+\/messages /.test(line);
  /** As when the time of every send under way is over. */
  const endLeases = () => {
    const outside = new DatabaseSync(join(server.dataDir, 'continuo.db'), { timeout: 5000 });
    outside.prepare("UPDATE deliveries SET lease_until = 0 WHERE state = 'sending'").run();
    outside.close();
  };
  const lastDelivery = async (): Promise<Delivery> =>
    (await sara.view(conversationId)).body.deliveries.at(-1);
  const calls = () => simulator.simulator.counters()[person.psid]?.calls ?? 0;

  test('the reply arrives once: the echo of the first try settles it after the restart', async () => {
    await arrive();
    simulator.simulator.faults.plan({ next: 'slow', count: 1, delayMs: 1500 });
    await sara.reply(conversationId, 'Once, whatever happens');
    await expect.poll(calls, SOON).toBe(1);
    await server.kill();
    await expect.poll(() => times(person, 'Once, whatever happens'), SOON).toBe(1);
    await server.start();
    await expect.poll(async () => (await lastDelivery()).state, SOON).toBe('delivered');
    await sara.reply(conversationId, 'The next reply');
    await expect.poll(() => times(person, 'The next reply'), SOON).toBe(1);
    expect(times(person, 'Once, whatever happens')).toBe(1);
    expect(calls()).toBe(2);
  });

  test('a reply that the network never got is unknown when its time is over, and goes out when the agent asks', async () => {
    await arrive();
    const sends = proxy.requests.filter(isSend).length;
    proxy.decide = (line) => (isSend(line) ? 'hold' : null);
    await sara.reply(conversationId, 'Nobody got this');
    await expect.poll(() => proxy.requests.filter(isSend).length, SOON).toBe(sends + 1);
    await server.kill();
    proxy.decide = () => null;
    await server.start();
    expect(await lastDelivery()).toMatchObject({ state: 'sending' });
    endLeases();
    await expect.poll(async () => (await lastDelivery()).state, SOON).toBe('unknown');
    expect(proxy.requests.filter(isSend)).toHaveLength(sends + 1);

    const { id } = await lastDelivery();
    const path = `/v1/inbox/conversations/${conversationId}/deliveries/${id}/retry`;
    expect((await sara.request('POST', path)).status).toBe(204);
    await expect.poll(async () => (await lastDelivery()).state, SOON).toBe('delivered');
    expect(times(person, 'Nobody got this')).toBe(1);
  });
});
