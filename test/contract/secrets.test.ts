/**
 * Invariant 12, over a whole journey on a server in a process of its own: no secret is in any line of the log, any
 * error, any event or signal, the metrics, any row or byte of the database, or any address that is asked for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  type SimulatorServer,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import { addBrandOn, type CommandLineBrand } from '../support/brand-on.ts';
import { type BrandSite, startBrandSite } from '../support/brand-site.ts';
import { createDevice, type Device } from '../support/device.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type MessengerCustomer, messengerCustomer } from '../support/messenger-customer.ts';
import { SOON } from '../support/patience.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';
import { PAGE_ACCOUNT } from '../support/social-deployment.ts';
import { spellings } from '../support/spellings.ts';
import { openSse, type SseReader } from '../support/sse.ts';

const WRONG_PASSWORD = 'wrong horse battery canary';

let simulator: SimulatorServer;
/** The network between our server and Meta's. */
let meta: FaultProxy;
let site: BrandSite;
let server: ServerProcess;
let brand: CommandLineBrand;
let sara: AgentClient;
let person: MessengerCustomer;

/** Everything secret that came up, with what it is. */
const secrets = new Map<string, string>();
/** Texts that must hold none of them, with where they are from. */
const published = new Map<string, string>();

const keep = (name: string, secret: string | null | undefined): string => {
  if (!secret) throw new Error(`there is no ${name}`);
  secrets.set(`${name} ${secrets.size}`, secret);
  return secret;
};
const publish = (where: string, text: string) => published.set(`${where} ${published.size}`, text);

/** What an error says, to whoever asked. */
const noteError = async (response: Response): Promise<void> => {
  const body = await response.text();
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  if (response.status >= 400)
    publish(`${response.status} of ${new URL(response.url).pathname}`, headers + body);
};

/** A request of a device whose proof is kept as a secret too. */
const ask = async (device: Device, line: `${'GET' | 'POST' | 'DELETE'} ${string}`, body?: unknown) => {
  const [method = '', path = ''] = line.split(' ');
  const headers = await device.headers(method, server.url + path);
  keep('proof', headers.dpop);
  const response = await fetch(server.url + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = response.clone();
  await noteError(response);
  return { status: answer.status, text: await answer.text() };
};

const linkToken = async (): Promise<string> => {
  const known = new Set(secrets.values());
  const fresh = () => {
    const { messages } = simulator.simulator.thread(person.psid);
    const urls = messages.flatMap(({ buttons }) =>
      buttons.flatMap((button) => (button.type === 'web_url' ? [button.url] : [])),
    );
    return urls.map((url) => new URL(url)).find(({ hash }) => !known.has(hash.replace('#continuo=', '')));
  };
  await vi.waitFor(() => expect(fresh()).toBeTruthy(), SOON);
  const link = fresh();
  publish('link without its fragment', `${link?.origin}${link?.pathname}${link?.search}`);
  return keep('handoff token', link?.hash.replace('#continuo=', ''));
};

const start = async () => {
  simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE] });
  meta = await startFaultProxy(simulator.url);
  const pages = { '/': {} };
  site = await startBrandSite(
    () => ({ script: `${server.url}/widget/loader.js`, channel: brand.channelKey }),
    pages,
  );
  server = await createServerProcess(
    {
      CONTINUO_LOG_LEVEL: 'debug',
      CONTINUO_MESSENGER_API_URL: meta.url + new URL(simulator.graphUrl).pathname,
      CONTINUO_FOLLOW_DELAY_MS: '100',
    },
    'source',
  );
  brand = await addBrandOn(server, { page: PAGE_ACCOUNT, settings: { siteUrl: `${site.url}/` } });
  await server.start();
  const { pageAccessToken, appSecret, verifyToken } = PAGE_ACCOUNT;
  for (const [name, value] of Object.entries({ pageAccessToken, appSecret, verifyToken })) keep(name, value);
  keep('password', brand.account.password);
  keep('wrong password', WRONG_PASSWORD);
  await simulator.simulator.subscribe({
    url: `${server.url}/v1/webhooks/messenger`,
    verifyToken: DEMO_VERIFY_TOKEN,
  });
};

/** A complaint, an answer, a link. @returns the conversation and what the agent's streams hear */
const complain = async (): Promise<{ id: string; inbox: SseReader; thread: SseReader }> => {
  sara = await signInAgent(server.url, brand.account);
  for (const pair of sara.cookie.split('; ')) keep('cookie', decodeURIComponent(pair.split('=')[1] ?? ''));
  const inbox = await sara.connect();
  person = messengerCustomer({ simulator }, { firstName: 'Amina', lastName: 'Karimi' });
  person.write('My order is wrong');
  const list = async () => (await sara.request('GET', '/v1/inbox/conversations')).body.conversations;
  await vi.waitFor(async () => expect(await list()).toHaveLength(1), SOON);
  const [{ id }] = await list();
  const thread = await openSse(
    sara.fetch,
    `${server.url}/v1/inbox/conversations/${id}/events?offset=-1&live=sse`,
  );
  await sara.reply(id, 'I look into it');
  return { id, inbox, thread };
};

/** The customer carries on on the web, on one device; another one comes too late. */
const carryOn = async (id: string): Promise<Device> => {
  await sara.request('POST', `/v1/inbox/conversations/${id}/handoffs`, { clientId: 'offer-0001' });
  const token = await linkToken();
  const device = await createDevice(server.url);
  await ask(device, 'POST /v1/handoffs/peek', { token });
  const redeemed = await ask(device, 'POST /v1/handoffs/redeem', { token, channelKey: brand.channelKey });
  expect(redeemed.status).toBe(201);
  device.token = keep('session token', JSON.parse(redeemed.text).token);
  device.conversationId = id;
  expect((await ask(device, `POST /v1/conversations/${id}/messages`, said('Here I am'))).status).toBe(201);
  const late = await createDevice(server.url);
  expect((await ask(late, 'POST /v1/handoffs/redeem', { token, channelKey: brand.channelKey })).status).toBe(
    410,
  );
  expect((await ask(late, 'POST /v1/handoffs/renew', { token })).status).toBe(202);
  await linkToken();
  return device;
};

const said = (text: string) => ({ clientId: `client-${text.length}-${secrets.size}`, text });

/** Everything that can be asked wrongly, with secrets in all the wrong places. */
const goWrong = async (device: Device) => {
  const own = `/v1/conversations/${device.conversationId}`;
  const token = device.token ?? '';
  const proof = keep('proof', await device.proof('POST', `${server.url}${own}/typing`));
  const bare = { 'continuo-version': '1', 'content-type': 'application/json' };
  const proved = { ...bare, authorization: `DPoP ${token}`, dpop: proof };
  const post = (path: string, headers: Record<string, string>, body: string) =>
    fetch(server.url + path, { method: 'POST', headers, body });
  const get = (path: string, headers: Record<string, string> = bare) => fetch(server.url + path, { headers });
  const wrong = [
    // A proof that is used a second time, for something else, or is none.
    await post(`${own}/typing`, proved, '{"on":true}'),
    await post(`${own}/typing`, proved, '{"on":true}'),
    await post(`${own}/messages`, proved, JSON.stringify(said('stolen'))),
    await post(`${own}/typing`, { ...proved, dpop: `${proof}x` }, '{"on":true}'),
    await post(`${own}/typing`, { ...proved, authorization: `Bearer ${token}` }, '{"on":true}'),
    // Bodies that do not fit, and hold secrets.
    await post(`${own}/typing`, proved, JSON.stringify({ on: token, [token]: proof })),
    await post('/v1/sessions', proved, `{"channelKey": ${token}`),
    await post(
      '/v1/handoffs/redeem',
      proved,
      JSON.stringify({ token: [...secrets.values()], channelKey: 'x' }),
    ),
    await post(
      '/v1/auth/sign-in/email',
      bare,
      JSON.stringify({ email: brand.account.email, password: WRONG_PASSWORD }),
    ),
    await post(
      '/v1/auth/sign-in/email',
      bare,
      JSON.stringify({ email: 'x', password: brand.account.password }),
    ),
    await post(
      '/v1/webhooks/messenger',
      { ...bare, 'x-hub-signature-256': 'sha256=00' },
      PAGE_ACCOUNT.appSecret,
    ),
    await post(`${own}/messages`, proved, JSON.stringify({ text: token.repeat(2000) })),
    // Addresses that hold them.
    await get(`${own}?token=${token}&access_token=${PAGE_ACCOUNT.pageAccessToken}`),
    await get(`/v1/nothing?continuo=${token}`, proved),
    await get(
      `/v1/webhooks/messenger?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${PAGE_ACCOUNT.verifyToken}x`,
    ),
    await get(`/%E0%A4%A?password=${brand.account.password}`),
    await get('/v1/inbox/me', { ...bare, cookie: `${sara.cookie}x` }),
    await get('/v1/inbox/me', { cookie: sara.cookie }),
  ];
  for (const response of wrong) await noteError(response);
  expect(wrong.filter(({ status }) => status >= 400).length).toBeGreaterThanOrEqual(wrong.length - 1);
};

/** Messenger refuses, fails and breaks off. */
const failOnNetwork = async (id: string) => {
  for (const next of ['error_500', 'drop_before_send'] as const) {
    simulator.simulator.faults.plan({ next, count: 1, delayMs: 0 });
    const { body } = await sara.reply(id, `This will not go well: ${next}`);
    const state = async () => {
      const view = await sara.view(id);
      return view.body.deliveries.find((delivery: { seq: number }) => delivery.seq === body.event.seq)?.state;
    };
    await vi.waitFor(async () => expect(['failed', 'unknown']).toContain(await state()), SOON);
  }
};

const dumpDatabase = () => {
  const path = join(server.dataDir, 'continuo.db');
  const db = new DatabaseSync(path, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables) {
    const rows = db.prepare(`SELECT * FROM "${name}"`).all();
    publish(`table ${name}`, JSON.stringify(rows));
  }
  db.close();
  for (const file of [path, `${path}-wal`]) publish(`bytes of ${file}`, readFileSync(file, 'latin1'));
  return tables.length;
};

beforeAll(start);
afterAll(async () => {
  await server.dispose();
  await site.close();
  await meta.close();
  await simulator.close();
});

test('no secret of a whole journey is anywhere but where it belongs', async () => {
  const { id, inbox, thread } = await complain();
  const device = await carryOn(id);
  await goWrong(device);
  await ask(device, 'DELETE /v1/session');
  await ask(device, `GET /v1/conversations/${id}`);
  await failOnNetwork(id);
  await expect.poll(() => site.requests.length, SOON).toBeGreaterThan(0);
  publish('metrics', await (await fetch(`${server.url}/metrics`)).text());
  publish('events', JSON.stringify([thread.events, thread.signals, inbox.signals]));
  expect(dumpDatabase()).toBeGreaterThan(12);
  await sara.request('POST', '/v1/auth/sign-out');
  await server.stop();
  publish('log', server.output());
  publish('addresses asked of Meta', meta.requests.join('\n'));
  publish("addresses asked of the brand's site", site.requests.join('\n'));

  expect(server.output()).toContain('"level":"warn"');
  expect(server.output().match(/"msg":"request"/g)?.length).toBeGreaterThan(30);
  expect(meta.requests.length).toBeGreaterThan(4);
  expect(thread.events.length).toBeGreaterThan(6);
  const leaks = [];
  for (const [where, text] of published)
    for (const [name, secret] of secrets)
      if (spellings(secret).some((spelling) => text.includes(spelling))) leaks.push(`${name} in ${where}`);
  expect(leaks).toEqual([]);
  expect([...published.keys()].filter((where) => /^\d{3} of/.test(where)).length).toBeGreaterThan(15);
});

test("an agent's session as it lies in the database opens nothing: the cookie is signed", async () => {
  await server.start();
  sara = await signInAgent(server.url, brand.account);
  const db = new DatabaseSync(join(server.dataDir, 'continuo.db'), { readOnly: true });
  const rows = db.prepare('SELECT token FROM auth_sessions').all();
  db.close();
  expect(rows.length).toBeGreaterThan(0);
  const [name] = sara.cookie.split('=');
  for (const { token } of rows)
    for (const cookie of [`${name}=${token}`, `${name}=${token}.`, `${name}=${token}.AAAA`]) {
      const answer = await fetch(`${server.url}/v1/inbox/me`, {
        headers: { cookie, 'continuo-version': '1' },
      });
      expect(answer.status).toBe(401);
    }
});
