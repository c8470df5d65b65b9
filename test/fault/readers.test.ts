/**
 * Invariants 3 and 5: while many write at once and connections break at random, no reader ever has k+1 without k; and
 * when the network has healed and all is quiet, every view equals the log.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient, createMemoryStorage } from '@continuo/core';
import type { ConversationEvent } from '@continuo/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentClient } from '../support/agent-client.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import { createDevice, type Device } from '../support/device.ts';
import { createDice } from '../support/dice.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { SOON } from '../support/patience.ts';
import { openSse } from '../support/sse.ts';

const MESSAGES = 240;
const WRITERS = 8;

let deployment: Deployment;
let proxy: FaultProxy;
let sara: AgentClient;
let client: Client;
let customer: Device;

/** One reader: what it has, and whether it was ever given something out of turn. */
interface Reader {
  name: string;
  events: ConversationEvent[];
  faults: string[];
  disconnects: number;
}

const offsetOf = ({ events }: Reader) => String(events.at(-1)?.seq ?? 0).padStart(16, '0');

const take = (reader: Reader, events: readonly ConversationEvent[]): void => {
  for (const event of events) {
    const last = reader.events.at(-1)?.seq ?? 0;
    if (event.seq !== last + 1) reader.faults.push(`${event.seq} after ${last}`);
    reader.events.push(event);
  }
};

/** Reads on from its own offset until told to stop, whatever breaks. */
type Way = (
  reader: Reader,
  url: string,
  options: { fetch: typeof fetch; dice: () => number },
) => Promise<void>;

const bySse: Way = async (reader, url, { fetch, dice }) => {
  const stream = await openSse(fetch, `${url}?live=sse&offset=${offsetOf(reader)}`);
  const breaking = setTimeout(() => stream.cancel(), 20 + dice() * 200);
  await stream.ended;
  clearTimeout(breaking);
  take(reader, stream.events);
};

const byLongPoll: Way = async (reader, url, { fetch, dice }) => {
  const signal = AbortSignal.timeout(20 + Math.round(dice() * 200));
  const answer = await fetch(`${url}?live=long-poll&offset=${offsetOf(reader)}`, { signal });
  if (answer.status === 200) take(reader, await answer.json());
};

const byCatchUp: Way = async (reader, url, { fetch }) => {
  const answer = await fetch(`${url}?offset=${offsetOf(reader)}`);
  take(reader, await answer.json());
  if (answer.headers.has('stream-up-to-date')) await wait(5);
};

const readOn = async (reader: Reader, read: () => Promise<void>, stopped: AbortSignal): Promise<void> => {
  while (!stopped.aborted) {
    try {
      await read();
    } catch {
      reader.disconnects += 1;
      await wait(1);
    }
  }
};

const startReaders = (id: string, stopped: AbortSignal) => {
  const dice = createDice(7);
  const asCustomer = { fetch: customer.fetch, dice };
  const asAgent = { fetch: sara.fetch, dice };
  const customerUrl = `${proxy.url}/v1/conversations/${id}/events`;
  const agentUrl = `${proxy.url}/v1/inbox/conversations/${id}/events`;
  const ways: [string, Way, string, typeof asCustomer][] = [
    ['customer by SSE', bySse, customerUrl, asCustomer],
    ['customer by SSE, another tab', bySse, customerUrl, asCustomer],
    ['customer by long-poll', byLongPoll, customerUrl, asCustomer],
    ['customer by catch-up', byCatchUp, customerUrl, asCustomer],
    ['agent by SSE', bySse, agentUrl, asAgent],
    ['agent by long-poll', byLongPoll, agentUrl, asAgent],
  ];
  const readers: Reader[] = ways.map(([name]) => ({ name, events: [], faults: [], disconnects: 0 }));
  const running = ways.map(([, way, url, options], index) => {
    const reader = readers[index];
    if (!reader) throw new Error('a reader for each way');
    return readOn(reader, () => way(reader, url, options), stopped);
  });
  return { readers, running };
};

/** Customer's tabs and the agent, all at once, each saying one thing after another past the bad network. */
const writeAll = (id: string): Promise<unknown> =>
  Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let index = 0; index < MESSAGES / WRITERS; index += 1) {
        const text = `writer ${writer}, message ${index}`;
        const { status } = await (writer % 2 === 0 ? customer.send(text) : sara.reply(id, text));
        expect(status).toBe(201);
        if (index % 10 === 0) proxy.cut();
      }
    }),
  );

const logOf = async (id: string): Promise<ConversationEvent[]> => {
  const page = await deployment.server.runtime.store.readAfter(id, 0, 10_000);
  return (page?.bodies ?? []).map((body) => JSON.parse(body));
};

const expectAllToHave = async (readers: readonly Reader[], length: number): Promise<void> => {
  for (const { name, events } of readers)
    await expect.poll(() => [name, events.length], SOON).toEqual([name, length]);
};

const shownBy = ({ $messages }: Client) =>
  $messages.get().flatMap((item) => (item.seq === null ? [] : [item.event]));

const openClient = async () => {
  client = createClient({
    baseUrl: proxy.url,
    channelKey: deployment.channelKey,
    storage: createMemoryStorage(),
    random: () => 0.1,
  });
  await client.open();
  client.send('Hello');
  await expect.poll(() => client.$conversation.get()?.id, SOON).toBeTruthy();
  return client.$conversation.get()?.id ?? '';
};

beforeAll(async () => {
  deployment = await startDeployment();
  proxy = await startFaultProxy(deployment.url);
  sara = await deployment.signIn();
  customer = await createDevice(deployment.url);
});
afterAll(async () => {
  client?.destroy();
  await proxy.close();
  await deployment.close();
});

test('every reader has the log, dense and in order, through every disconnect', async () => {
  await customer.open(deployment.channelKey);
  await customer.send('Hello');
  const id = customer.conversationId;
  const stop = new AbortController();
  const { readers, running } = startReaders(id, stop.signal);
  try {
    await writeAll(id);
    await expectAllToHave(readers, (await logOf(id)).length);
  } finally {
    stop.abort();
    await Promise.all(running);
  }
  const log = await logOf(id);
  expect(log.filter(({ type }) => type === 'message')).toHaveLength(MESSAGES + 1);
  for (const { name, events, faults } of readers) {
    expect([name, faults]).toEqual([name, []]);
    expect([name, events]).toEqual([name, log]);
  }
  expect(readers.reduce((sum, { disconnects }) => sum + disconnects, 0)).toBeGreaterThan(10);
});

test('a reader who comes late has it all in one connection, over many pages', async () => {
  const log = await logOf(customer.conversationId);
  const stream = await customer.stream('-1');
  await expect.poll(() => stream.events.length, SOON).toBe(log.length);
  stream.cancel();
  expect(stream.events).toEqual(log);
});

test("core's view never shows k+1 without k, and equals the log once all is quiet", async () => {
  const id = await openClient();
  const gaps: string[] = [];
  client.$messages.subscribe((items) => {
    const seqs = items.flatMap(({ seq }) => seq ?? []);
    for (const [index, seq] of seqs.entries())
      if (index > 0 && seq !== (seqs[index - 1] ?? 0) + 1) gaps.push(`${seq} after ${seqs[index - 1]}`);
  });
  const write = async () => {
    for (let index = 0; index < 60; index += 1) {
      await sara.reply(id, `answer ${index}`);
      if (index % 15 === 0) proxy.cut();
    }
  };
  for (let index = 0; index < 60; index += 1) client.send(`message ${index}`);
  await Promise.all([write(), write()]);
  const said = async () => (await logOf(id)).filter(({ type }) => type === 'message').length;
  await expect.poll(said, SOON).toBe(1 + 60 + 120);
  const log = await logOf(id);
  await expect.poll(() => client.$messages.get().at(-1)?.seq, SOON).toBe(log.at(-1)?.seq);
  while (client.$hasEarlier.get()) await client.loadEarlier();
  expect(shownBy(client)).toEqual(log);
  expect(gaps).toEqual([]);
});
