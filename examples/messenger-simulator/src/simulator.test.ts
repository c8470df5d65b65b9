import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { DEMO_APP, DEMO_PAGE } from './defaults.ts';
import { startSimulator } from './server.ts';
import type { SimulatorOptions } from './simulator.ts';
import { signature } from './webhook-wire.ts';

/** A busy machine takes its time. */
const SOON = { timeout: 10_000 };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const readBody = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

/** An app's webhook: keeps what comes, and says whether it was signed rightly. */
const startWebhook = async () => {
  const events: Record<string, unknown>[] = [];
  const refused: string[] = [];
  const server = createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') {
      const right =
        searchParams.get('hub.verify_token') === 'verify' && searchParams.get('hub.mode') === 'subscribe';
      response.writeHead(right ? 200 : 403).end(right ? searchParams.get('hub.challenge') : '');
      return;
    }
    const body = await readBody(request);
    const right = request.headers['x-hub-signature-256'] === `sha256=${signature(DEMO_APP.secret, body)}`;
    if (!right) refused.push(body);
    const parsed: { entry: { messaging: Record<string, unknown>[] }[] } = JSON.parse(body);
    events.push(...parsed.entry.flatMap(({ messaging }) => messaging));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/hook`, events, refused };
};

const setUp = async (options: Partial<SimulatorOptions> = {}) => {
  const hook = await startWebhook();
  const server = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE], ...options });
  cleanUps.push(() => server.close());
  await server.simulator.subscribe({ url: hook.url, verifyToken: 'verify' });
  const control = async (path: string, body?: unknown) => {
    const init =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${server.url}/control${path}`, { method: 'POST', ...init });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const send = (psid: string, message: unknown, token = DEMO_PAGE.accessToken) =>
    fetch(`${server.graphUrl}/me/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ recipient: { id: psid }, messaging_type: 'RESPONSE', message }),
    });
  const customer = server.simulator.createCustomer({
    firstName: 'أمينة',
    lastName: 'Haddad',
    locale: 'ar_AR',
  });
  const writes = async (text: string) => {
    const { body } = await control(`/customers/${customer.psid}/messages`, { text });
    return String(body.mid);
  };
  const events = async () => {
    await server.simulator.webhooks.settled();
    expect(hook.refused).toEqual([]);
    return hook.events;
  };
  return { ...server, hook, control, send, psid: customer.psid, writes, events };
};

test('a subscription needs the challenge answered', async () => {
  const { control, hook } = await setUp();
  const refused = await control('/subscribe', { url: hook.url, verifyToken: 'wrong' });
  expect(refused.status).toBe(400);
});

test('a message arrives signed, with text in any script and attachments', async () => {
  const { control, psid, events } = await setUp();
  const attachments = [
    { type: 'image', url: 'https://cdn.example/a.png' },
    { type: 'location', coordinates: { lat: 1, long: 2 } },
  ];
  const { body } = await control(`/customers/${psid}/messages`, { text: 'طلبي تأخر / 😕', attachments });
  expect(await events()).toMatchObject([
    {
      sender: { id: psid },
      recipient: { id: DEMO_PAGE.id },
      message: {
        mid: body.mid,
        text: 'طلبي تأخر / 😕',
        attachments: [
          { type: 'image', payload: { url: 'https://cdn.example/a.png' } },
          { type: 'location', payload: { coordinates: { lat: 1, long: 2 } } },
        ],
      },
    },
  ]);
});

test('a send comes back as an echo with its metadata, is delivered, then read', async () => {
  const { control, psid, send, writes, events } = await setUp();
  await writes('Hi');
  const response = await send(psid, { text: 'Hello!', metadata: 'dlv_1' });
  const { message_id: mid } = await response.json();
  await control(`/customers/${psid}/read`);
  expect((await events()).slice(1)).toMatchObject([
    {
      sender: { id: DEMO_PAGE.id },
      recipient: { id: psid },
      message: { mid, is_echo: true, app_id: Number(DEMO_APP.id), metadata: 'dlv_1', text: 'Hello!' },
    },
    { sender: { id: psid }, delivery: { mids: [mid] } },
    { sender: { id: psid }, read: { watermark: expect.any(Number) } },
  ]);
});

test('a person in the native inbox is an echo of another app, without metadata', async () => {
  const { control, psid, writes, events } = await setUp();
  await writes('Hi');
  await control('/native-reply', { psid, text: 'From my phone' });
  const echo = (await events())[1];
  expect(echo).toMatchObject({ message: { is_echo: true, app_id: 263902037430900, text: 'From my phone' } });
  expect(echo).not.toHaveProperty('message.metadata');
});

test('a link in a new thread waits for Get Started and comes as a postback', async () => {
  const { control, psid, events } = await setUp();
  expect((await control(`/customers/${psid}/open-link`, { ref: 'tok' })).body).toEqual({ getStarted: true });
  expect((await control(`/customers/${psid}/messages`, { text: 'a' })).status).toBe(409);
  await control(`/customers/${psid}/get-started`, {});
  expect(await events()).toMatchObject([
    {
      postback: {
        payload: 'GET_STARTED',
        referral: { ref: 'tok', source: 'SHORTLINK', type: 'OPEN_THREAD' },
      },
    },
  ]);
});

test('a link in an existing thread is a referral and opens the window again', async () => {
  const { control, psid, send, writes, events } = await setUp();
  await writes('Hi');
  await control('/clock', { ms: 25 * 3_600_000 });
  const closed = await send(psid, { text: 'too late' });
  expect(closed.status).toBe(400);
  expect(await closed.json()).toMatchObject({
    error: { code: 10, error_subcode: 2018278, type: 'OAuthException' },
  });
  await control(`/customers/${psid}/open-link`, { ref: 'tok' });
  expect((await send(psid, { text: 'in time' })).status).toBe(200);
  expect((await events())[1]).toMatchObject({
    referral: { ref: 'tok', source: 'SHORTLINK', type: 'OPEN_THREAD' },
  });
});

test('a wrong token is 190, a foreign Page does not exist', async () => {
  const { psid, send, writes, graphUrl } = await setUp();
  await writes('Hi');
  const wrong = await send(psid, { text: 'a' }, 'nope');
  expect(await wrong.json()).toMatchObject({ error: { code: 190 } });
  const foreign = await fetch(`${graphUrl}/999/messages?access_token=${DEMO_PAGE.accessToken}`, {
    method: 'POST',
  });
  expect(await foreign.json()).toMatchObject({ error: { code: 100, error_subcode: 33 } });
});

test('a profile has the fields asked for', async () => {
  const { psid, graphUrl } = await setUp();
  const url = `${graphUrl}/${psid}?fields=first_name,last_name,profile_pic,locale&access_token=${DEMO_PAGE.accessToken}`;
  const profile = await (await fetch(url)).json();
  expect(profile).toMatchObject({ id: psid, first_name: 'أمينة', last_name: 'Haddad', locale: 'ar_AR' });
  const picture = await fetch(profile.profile_pic);
  expect(picture.headers.get('content-type')).toContain('image/svg+xml');
});

test('URL buttons give their address, postback buttons and quick replies come back', async () => {
  const { control, psid, send, writes, events } = await setUp();
  await writes('Hi');
  const buttons = [
    { type: 'web_url', url: 'https://shop.example/#x', title: 'Open' },
    { type: 'postback', title: 'Call me', payload: 'CALL' },
  ];
  const template = { template_type: 'button', text: 'Choose', buttons };
  const first = await (await send(psid, { attachment: { type: 'template', payload: template } })).json();
  const quick = { text: 'Well?', quick_replies: [{ content_type: 'text', title: 'Wait', payload: 'wait' }] };
  const second = await (await send(psid, quick)).json();
  const path = `/customers/${psid}/press`;
  expect((await control(path, { mid: first.message_id, button: 0 })).body).toEqual({
    url: 'https://shop.example/#x',
  });
  await control(path, { mid: first.message_id, button: 1 });
  await control(path, { mid: second.message_id, quickReply: 0 });
  expect((await control(path, { mid: second.message_id, quickReply: 0 })).status).toBe(404);
  const pressed = (await events()).slice(-2);
  expect(pressed).toMatchObject([
    { postback: { title: 'Call me', payload: 'CALL' } },
    { message: { text: 'Wait', quick_reply: { payload: 'wait' } } },
  ]);
});

test('a fault after the send loses the answer, one before it loses the message', async () => {
  const { control, psid, send, writes, simulator } = await setUp();
  await writes('Hi');
  await control('/faults', { next: 'drop_before_send' });
  await control('/faults', { next: 'drop_after_send' });
  await expect(send(psid, { text: 'one' })).rejects.toThrow();
  await expect(send(psid, { text: 'two' })).rejects.toThrow();
  await control('/faults', { next: 'error_500' });
  expect((await send(psid, { text: 'three' })).status).toBe(500);
  await control('/faults', { next: 'rate_limit' });
  expect(await (await send(psid, { text: 'four' })).json()).toMatchObject({ error: { code: 613 } });
  expect((await send(psid, { text: 'five' })).status).toBe(200);
  expect(simulator.thread(psid).messages.map(({ text }) => text)).toEqual(['Hi', 'two', 'five']);
  expect(simulator.counters()).toEqual({ [psid]: { calls: 5, accepted: 2, refused: 0 } });
});

test('the previewer fetches loopback links as facebookexternalhit, and no others', async () => {
  const { hook, psid, send, writes, simulator } = await setUp();
  await writes('Hi');
  await send(psid, { text: `See ${hook.url}?page#secret and https://shop.example/` });
  await vi.waitFor(() => expect(simulator.previews()).toHaveLength(1), SOON);
  expect(simulator.previews()).toMatchObject([{ url: `${hook.url}?page#secret`, status: 403 }]);
});

test('a phone without a connection gets its messages later; a block is 551', async () => {
  const { control, psid, send, writes, simulator } = await setUp();
  await writes('Hi');
  await control(`/customers/${psid}/online`, { on: false });
  await send(psid, { text: 'one' });
  expect(simulator.thread(psid).messages.at(-1)?.state).toBe('sent');
  await control(`/customers/${psid}/online`, { on: true });
  expect(simulator.thread(psid).messages.at(-1)?.state).toBe('delivered');
  await control(`/customers/${psid}/block`, { on: true });
  expect(await (await send(psid, { text: 'two' })).json()).toMatchObject({ error: { code: 551 } });
});

test('threads, customers and webhooks under way survive a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const stateFile = join(folder, 'state.json');
  const first = await setUp({ stateFile, webhookRetryDelaysMs: [60_000] });
  await first.writes('Hi');
  await first.events();
  await first.control('/customers', { firstName: 'Priya', lastName: 'N' });
  first.hook.events.length = 0;
  const failing = createServer((request, response) => {
    const challenge = new URL(request.url ?? '/', 'http://localhost').searchParams.get('hub.challenge');
    response.writeHead(request.method === 'GET' ? 200 : 503).end(challenge);
  });
  await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => failing.close(resolve)));
  const address = failing.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await first.simulator.subscribe({ url: `http://127.0.0.1:${port}/`, verifyToken: 'any' });
  await first.writes('Are you there?');
  await vi.waitFor(() => expect(first.simulator.webhooks.records().at(-1)?.state).toBe('retrying'), SOON);
  await first.close();

  const second = await setUp({ stateFile });
  expect(second.simulator.customers()).toHaveLength(3);
  expect(second.simulator.thread(first.psid).messages).toHaveLength(2);
  expect(await second.events()).toMatchObject([{ message: { text: 'Are you there?' } }]);
});
