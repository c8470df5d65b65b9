/**
 * Invariants 2, 4 and 6 on a bad network: requests and acknowledgements are lost, connections break, the page reloads.
 * Every message of a device is stored once, in the order written, and shown as sent only when it was acknowledged.
 */
import { type Client, createClient, createMemoryStorage } from '@continuo/core';
import type { ConversationEvent } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import { createDice } from '../support/dice.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { SOON } from '../support/patience.ts';

const TEXTS = Array.from({ length: 40 }, (_, index) => `message ${index + 1}`);

let deployment: Deployment;
let proxy: FaultProxy;
let clients: Client[];

beforeEach(async () => {
  deployment = await startDeployment();
  proxy = await startFaultProxy(deployment.url);
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  await deployment.close();
});

/** A page of a device; `storage` is what it keeps over a reload. */
const openPage = (storage = createMemoryStorage()): Client => {
  // No waiting by chance: what is tried again is tried again at once.
  const client = createClient({
    baseUrl: proxy.url,
    channelKey: deployment.channelKey,
    storage,
    random: () => 0,
  });
  clients.push(client);
  return client;
};

const isMessagePost = (line: string) => /^POST \S+\/messages /.test(line);

const storedTexts = async (): Promise<string[]> => {
  const { store } = deployment.server.runtime;
  const conversations = await store.db.selectFrom('conversations').select('id').execute();
  expect(conversations.length).toBeLessThanOrEqual(1);
  const page = await store.readAfter(conversations[0]?.id ?? '', 0, 1000);
  const events: ConversationEvent[] = (page?.bodies ?? []).map((body) => JSON.parse(body));
  return events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
};

/** What the page shows: texts of sent messages, and of those that are not. */
const shown = (client: Client) => {
  const items = client.$messages.get();
  return {
    sent: items.flatMap((item) =>
      item.seq !== null && item.event.type === 'message' ? [item.event.text] : [],
    ),
    pending: items.flatMap((item) => (item.seq === null ? [item.pending.text] : [])),
  };
};

test.each([1, 2, 3])('requests and acknowledgements are lost by chance (seed %i)', async (seed) => {
  const dice = createDice(seed);
  let lost = 0;
  proxy.decide = (line) => {
    if (!isMessagePost(line) || dice() > 0.4) return null;
    lost += 1;
    return dice() < 0.5 ? 'lose_request' : 'lose_answer';
  };
  const client = openPage();
  await client.open();
  for (const text of TEXTS) client.send(text);
  await expect.poll(storedTexts, SOON).toEqual(TEXTS);
  await expect.poll(() => shown(client), SOON).toEqual({ sent: TEXTS, pending: [] });
  expect(lost).toBeGreaterThan(10);
});

test('a lost acknowledgement is no second message, and a lost request is no lost message', async () => {
  const faults = ['lose_request', 'lose_request', 'lose_answer'] as const;
  let next = 0;
  proxy.decide = (line) => (isMessagePost(line) ? (faults[next++] ?? null) : null);
  const client = openPage();
  await client.open();
  client.send('Only once');
  await expect.poll(() => shown(client), SOON).toEqual({ sent: ['Only once'], pending: [] });
  expect(await storedTexts()).toEqual(['Only once']);
  expect(next).toBeGreaterThanOrEqual(faults.length);
});

test('what was not acknowledged is never shown as sent, survives a reload, and is sent in order by the next page', async () => {
  const storage = createMemoryStorage();
  const first = openPage(storage);
  await first.open();
  first.send('Before');
  await expect.poll(() => shown(first), SOON).toEqual({ sent: ['Before'], pending: [] });

  proxy.cut();
  proxy.block(true);
  for (const text of TEXTS) first.send(text);
  await expect.poll(() => shown(first).pending, SOON).toEqual(TEXTS);
  expect(shown(first).sent).toEqual(['Before']);
  const prefix = `${deployment.channelKey}/outbox/`;
  await expect.poll(async () => (await storage.list(prefix)).length, SOON).toBe(TEXTS.length);
  first.destroy();

  const second = openPage(storage);
  const opening = second.open().catch(() => {});
  await expect.poll(() => shown(second).pending, SOON).toEqual(TEXTS);
  await opening;
  expect(await storedTexts()).toEqual(['Before']);

  proxy.block(false);
  await second.open();
  await expect.poll(storedTexts, SOON).toEqual(['Before', ...TEXTS]);
  await expect.poll(() => shown(second), SOON).toEqual({ sent: ['Before', ...TEXTS], pending: [] });
});

test('what is pending can be deleted, and is then never sent', async () => {
  const client = openPage();
  await client.open();
  proxy.block(true);
  const kept = client.send('Keep this');
  const dropped = client.send('Drop this');
  await expect.poll(() => shown(client).pending, SOON).toEqual(['Keep this', 'Drop this']);
  client.discard(dropped);
  expect(shown(client).pending).toEqual(['Keep this']);
  proxy.block(false);
  await expect.poll(() => shown(client), SOON).toEqual({ sent: ['Keep this'], pending: [] });
  expect(await storedTexts()).toEqual(['Keep this']);
  const keys = client.$messages.get().map(({ key }) => key);
  expect([keys.includes(kept), keys.includes(dropped)]).toEqual([true, false]);
});
