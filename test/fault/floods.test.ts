/**
 * Invariant 13, floods: of one device, one address, one workspace, and of all together when the server is behind. What is
 * too much is told so, with the time after which to come back; and a customer's client, in the midst of it, loses nothing.
 */
import { type Client, createClient, createMemoryStorage } from '@continuo/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addBrandOn } from '../support/brand-on.ts';
import { startDeployment } from '../support/deployment.ts';
import { type Answer, createDevice } from '../support/device.ts';
import { SOON } from '../support/patience.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';

/** Limits count by the minute. */
const A_MINUTE = { timeout: 100_000, interval: 500 };

const shown = (client: Client) =>
  client.$messages
    .get()
    .flatMap((item) =>
      item.seq === null ? [`${item.pending.text} (${item.pending.state})`] : [messageText(item.event)],
    )
    .filter((text) => text !== null);
const messageText = (event: { type: string; text?: string }) =>
  event.type === 'message' ? (event.text ?? null) : null;

const isPending = (client: Client) =>
  client.$messages.get().some((item) => item.seq === null && item.pending.state !== 'failed');

const clients: Client[] = [];
afterAll(() => {
  for (const client of clients) client.destroy();
});

/** A customer's page; `address` is where it comes from, as the reverse proxy tells. */
const openPage = (target: { url: string; channelKey: string }, address: string): Client => {
  const client = createClient({
    baseUrl: target.url,
    channelKey: target.channelKey,
    storage: createMemoryStorage(),
    random: () => 0,
    fetch(input, init) {
      const request = new Request(input, init);
      request.headers.set('x-forwarded-for', address);
      return fetch(request);
    },
  });
  clients.push(client);
  return client;
};

const expectRefusal = (answer: Answer | undefined, problem: { code: string; status: number }) => {
  expect(answer?.headers.get('content-type')).toContain('application/problem+json');
  expect(answer?.problem).toMatchObject(problem);
  expect(Number(answer?.headers.get('retry-after'))).toBe(answer?.problem?.retryAfter);
  expect(answer?.problem?.retryAfter).toBeGreaterThan(0);
  expect(answer?.problem?.retryAfter).toBeLessThanOrEqual(60);
};

describe('limits', () => {
  /** Messages and sessions a minute, of one workspace: two a second. */
  const WORKSPACE = 120;

  let server: ServerProcess;
  let loud: { url: string; channelKey: string };
  let quiet: typeof loud;

  beforeAll(async () => {
    server = await createServerProcess(
      {
        CONTINUO_LOG_LEVEL: 'silent',
        CONTINUO_TRUST_PROXY: 'true',
        CONTINUO_WORKSPACE_PER_MINUTE: String(WORKSPACE),
      },
      'source',
    );
    loud = { url: server.url, channelKey: (await addBrandOn(server)).channelKey };
    const other = await server.command(['workspace', 'add', '--name', 'Other']);
    const web = await server.command(['channel', 'add', 'web', '--workspace', other, '--name', 'Other']);
    quiet = { url: server.url, channelKey: web.split('\n')[0] ?? '' };
    await server.start();
  });
  afterAll(() => server?.dispose());

  /** A device that sends from an address of its own, or from this one. */
  const deviceAt = async (target: typeof loud, address: string) => {
    const device = await createDevice(target.url);
    const request = async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const response = await fetch(target.url + path, {
        method,
        headers: {
          ...(await device.headers(method, target.url + path)),
          'content-type': 'application/json',
          'x-forwarded-for': address,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await response.json();
      const isProblem = response.headers.get('content-type')?.includes('problem+json');
      return {
        status: response.status,
        headers: response.headers,
        body: answer,
        problem: isProblem ? answer : null,
      };
    };
    Object.assign(device, { request });
    const answer = await device.open(target.channelKey);
    return { device, answer };
  };

  test('a workspace: others are unharmed, and what a customer wrote in the midst of it arrives when there is room', async () => {
    const page = openPage(loud, '10.0.0.1');
    await page.open();
    page.send('Before the flood');
    await expect.poll(() => shown(page), SOON).toEqual(['Before the flood']);

    // From ever new addresses and devices, so that no other limit is met; all at once, or a slow machine floods nobody.
    const flood = await Promise.all(
      Array.from({ length: 2 * WORKSPACE }, (_, index) =>
        deviceAt(loud, `10.1.${index >> 8}.${index & 255}`),
      ),
    );
    const refusals = flood.filter(({ answer }) => answer.status !== 201);
    expect(refusals.length).toBeGreaterThan(0);
    for (const { answer } of refusals) expectRefusal(answer, { code: 'rate_limited', status: 429 });
    expect(flood.length - refusals.length).toBeGreaterThanOrEqual(WORKSPACE / 2 - 1);

    for (const text of ['one', 'two', 'three']) page.send(text);
    expect(isPending(page)).toBe(true);
    const others = await deviceAt(quiet, '10.0.0.2');
    expect(others.answer.status).toBe(201);
    expect((await others.device.send('Undisturbed')).status).toBe(201);
    await expect.poll(() => shown(page), SOON).toEqual(['Before the flood', 'one', 'two', 'three']);
  });

  test('a device and an address: each waits out its minute, and loses nothing', async () => {
    const PER_DEVICE = 60;
    const PER_ADDRESS = 1200;
    const page = openPage(quiet, '10.2.0.1');
    await page.open();
    const texts = Array.from({ length: PER_DEVICE + 3 }, (_, index) => `message ${index}`);
    for (const text of texts) page.send(text);
    await expect
      .poll(() => shown(page).filter((text) => /\(/.test(text)).length, SOON)
      .toBe(texts.length - PER_DEVICE);

    // The same minute, another address: whatever it asks, and whoever asks.
    const neighbour = openPage(quiet, '10.2.0.2');
    await neighbour.open();
    const headers = { 'continuo-version': '1', 'x-forwarded-for': '10.2.0.2' };
    const ask = () => fetch(`${quiet.url}/v1/session`, { headers });
    let flooded = await ask();
    for (let round = 0; round < PER_ADDRESS && flooded.status !== 429; round += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, ask));
      flooded = answers.find(({ status }) => status === 429) ?? flooded;
    }
    const problem = await flooded.json();
    expectRefusal(
      { status: flooded.status, headers: flooded.headers, body: problem, problem },
      { code: 'rate_limited', status: 429 },
    );
    neighbour.send('From the flooded address');
    expect(shown(neighbour).join()).toMatch(/From the flooded address \((waiting|sending)\)/);

    await expect.poll(() => shown(page), A_MINUTE).toEqual(texts);
    await expect.poll(() => shown(neighbour), A_MINUTE).toEqual(['From the flooded address']);
  });
});

test('a server that is behind says so, keeps what it accepted, and what it could not take arrives later', async () => {
  const WORKING = 2000;
  const deployment = await startDeployment();
  try {
    const device = await deployment.customer('Hello');
    const page = openPage(deployment, '10.3.0.1');
    await page.open();
    page.send('Before');
    await expect.poll(() => shown(page), SOON).toEqual(['Before']);

    // As when the disk does not come back: nothing is written before it does.
    let recover = () => {};
    const stuck = deployment.server.runtime.store.write(
      () =>
        new Promise<void>((resolve) => {
          recover = resolve;
        }),
    );
    const asksNow = async () => (await device.request('GET', '/v1/session')).status;
    const waiting: Promise<Answer>[] = [];
    // Until it is full; with each question it has heard what was said before, however slow the machine is.
    while ((await asksNow()) === 200)
      for (let more = 0; more < 50; more += 1) waiting.push(device.send(`waiting ${waiting.length}`));
    expect(await asksNow()).toBe(503);
    expectRefusal(await device.request('POST', '/v1/sessions', { channelKey: deployment.channelKey }), {
      code: 'unavailable',
      status: 503,
    });
    page.send('Written meanwhile');
    await expect.poll(() => isPending(page), SOON).toBe(true);
    expect((await fetch(`${deployment.url}/healthz`)).status).toBe(200);

    recover();
    await stuck;
    const answers = await Promise.all(waiting);
    const accepted = answers.filter(({ status }) => status === 201).length;
    expect(answers.length - accepted).toBe(answers.filter(({ status }) => status === 503).length);
    // The page and the questions took some of the room.
    expect(accepted).toBeGreaterThan(WORKING - 50);
    await expect.poll(() => shown(page), SOON).toEqual(['Before', 'Written meanwhile']);
    const log = await deployment.server.runtime.store.readAfter(device.conversationId, 0, 10_000);
    const said = log?.bodies.filter((body) => body.includes('"type":"message"')).length;
    expect(said).toBe(accepted + 1);
  } finally {
    await deployment.close();
  }
});
