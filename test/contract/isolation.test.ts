/**
 * Invariant 11, over HTTP: what belongs to someone else looks exactly like what does not exist. The routes come from the
 * server's own OpenAPI document, so a new one is looked at without a line here.
 */

import { addAgent } from '@continuo/server';
import { DEMO_PAGE, metaJson, signature } from '@continuo-examples/messenger-simulator';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import type { Brand } from '../support/deployment.ts';
import type { Device } from '../support/device.ts';
import { type Operation, readOperations } from '../support/openapi.ts';
import { SOON } from '../support/patience.ts';
import { type SocialDeployment, startSocialDeployment } from '../support/social-deployment.ts';

let social: SocialDeployment;
let operations: Operation[];
/** Another brand on the same server, its agent, and a customer of it. */
let theirs: Brand;
let theirAgent: AgentClient;
/** Two customers of ours who do not know each other, and one of theirs. */
let one: Device;
let other: Device;
let stranger: Device;
/** A conversation on Messenger and a delivery of it: ours. */
let conversationId: string;
let deliveryId: string;

const ABSENT = 'AAAAAAAAAAAAAAAAAAAAAA';
const ABSENT_TOKEN = 'A'.repeat(43);

beforeAll(async () => {
  social = await startSocialDeployment();
  operations = await readOperations(social.url);
  theirs = await social.addBrand('Stratus');
  theirAgent = await signInAgent(social.url, theirs.agent);
  [one, other] = [await social.customer(), await social.customer()];
  stranger = await social.device();
  await stranger.open(theirs.channelKey);
  await stranger.send('Hello');
  const person = social.person();
  person.write('Hello');
  await social.quiet();
  conversationId = (await social.conversationOf(person.psid)) ?? '';
  await social.sara.reply(conversationId, 'Hello to you');
  await vi.waitFor(() => expect(person.texts()).toContain('Hello to you'), SOON);
  deliveryId = (await social.deliveries(conversationId))[0]?.id ?? '';
});
afterAll(() => social.close());

/** Ids that fit, of what is in no conversation here. */
const INNER: Record<string, string> = {
  seq: '9',
  fileId: 'file-0001',
  callbackId: 'callback-0001',
  handoffId: 'hnd_0001',
};

/** Ids for the parameters of a path. */
type Ids = Record<string, string>;

const addressOf = ({ path, search }: Operation, ids: Ids): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? INNER[name] ?? `no id for ${name}`) +
  search;

/** The address, and for what can be read live also both ways of doing so. */
const variantsOf = (operation: Operation, ids: Ids): string[] => {
  const address = addressOf(operation, ids);
  if (!operation.query.includes('live')) return [address];
  return [address, `${address}?offset=-1&live=sse`, `${address}?offset=now&live=long-poll`];
};

/** Everything of an answer that its reader can see, but for the time of day. */
const seen = async (response: Response) => ({
  status: response.status,
  headers: [...response.headers].filter(([name]) => name !== 'date'),
  bytes: Buffer.from(await response.arrayBuffer()).toString('latin1'),
});

const ask = (who: { fetch: typeof fetch }, operation: Operation, address: string) => {
  const { method, headers, body } = operation;
  return who.fetch(social.url + address, {
    method,
    headers: { 'continuo-version': '1', ...headers },
    ...(body !== undefined && { body }),
  });
};

/** Asks for what is another's and for what is not there, in every way, and compares byte by byte. */
const expectAlike = async (
  who: { fetch: typeof fetch },
  operation: Operation,
  { foreign, absent }: { foreign: Ids; absent: Ids },
) => {
  const addresses = variantsOf(operation, foreign).map((address, index) => [
    address,
    variantsOf(operation, absent)[index] ?? '',
  ]);
  for (const [theirAddress = '', noAddress = ''] of addresses) {
    const answer = await seen(await ask(who, operation, theirAddress));
    expect(answer).toEqual(await seen(await ask(who, operation, noAddress)));
    expect(answer).toMatchObject({ status: 404, bytes: expect.stringContaining('"code":"not_found"') });
  }
};

/** Everything that the routes could have changed or told in a conversation. */
const stateOf = async (id: string) => {
  const { db } = social.server.runtime.store;
  const row = await db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const deliveries = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('conversation_id', '=', id)
    .execute();
  return { row, deliveries, log: await social.log(id), presence: social.server.runtime.presence.of(id) };
};

const scoped = (security: string) =>
  operations.filter((operation) => operation.security === security && operation.path.includes('{'));

describe('every route of a conversation, from the OpenAPI document', () => {
  test('there are customers’ and agents’ ones, and their bodies fit', async () => {
    expect(scoped('DPoP').length).toBeGreaterThanOrEqual(8);
    expect(scoped('cookie').length).toBeGreaterThanOrEqual(10);
    const expectFit = async (who: { fetch: typeof fetch }, operation: Operation, ids: Ids) => {
      const { status } = await ask(who, operation, addressOf(operation, ids));
      const isInner = Object.keys(INNER).some((name) => operation.path.includes(`{${name}}`));
      const unfit = isInner ? [400, 415] : [400, 404, 415];
      expect(unfit, `${operation.method} ${operation.path}`).not.toContain(status);
    };
    for (const operation of scoped('DPoP')) await expectFit(one, operation, { id: one.conversationId });
    for (const operation of scoped('cookie'))
      await expectFit(social.sara, operation, { id: conversationId, deliveryId });
  });

  test('a customer finds of another customer, of this brand or another, what they find of nobody', async () => {
    for (const victim of [other, stranger]) {
      const before = await stateOf(victim.conversationId);
      for (const operation of scoped('DPoP')) {
        const ids = { foreign: { id: victim.conversationId }, absent: { id: `cnv_${ABSENT}` } };
        await expectAlike(one, operation, ids);
      }
      expect(await stateOf(victim.conversationId)).toEqual(before);
    }
  });

  test('an agent finds of another brand what they find of nobody', async () => {
    const before = await stateOf(conversationId);
    for (const operation of scoped('cookie')) {
      await expectAlike(theirAgent, operation, {
        foreign: { id: conversationId, deliveryId },
        absent: { id: `cnv_${ABSENT}`, deliveryId },
      });
    }
    expect(await stateOf(conversationId)).toEqual(before);
  });

  test('a delivery of another conversation is none of this one', async () => {
    const operation = scoped('cookie').find(({ path }) => path.includes('{deliveryId}'));
    if (!operation) throw new Error('no route of deliveries');
    await expectAlike(social.sara, operation, {
      foreign: { id: one.conversationId, deliveryId },
      absent: { id: one.conversationId, deliveryId: `dlv_${ABSENT}` },
    });
  });

  test('without a session, or with another device’s, everything is refused alike', async () => {
    const thief = await social.device();
    thief.token = one.token;
    const unknown = await social.device();
    unknown.token = ABSENT_TOKEN;
    for (const operation of scoped('DPoP')) {
      const address = addressOf(operation, { id: one.conversationId });
      const stolen = await seen(await ask(thief, operation, address));
      expect(stolen).toEqual(await seen(await ask(unknown, operation, address)));
      expect(stolen).toMatchObject({ status: 401, bytes: expect.stringContaining('"code":"unauthorized"') });
    }
  });
});

describe('what is named in a body', () => {
  test('a link of another brand is no link here', async () => {
    const { body } = await social.sara.request('POST', `/v1/inbox/conversations/${conversationId}/handoffs`, {
      clientId: 'offer-0001',
    });
    expect(body.handoffId).toMatch(/^hnd_/);
    const token = await linkToken();
    const redeem = (value: string) =>
      stranger.fetch(`${social.url}/v1/handoffs/redeem`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: value, channelKey: theirs.channelKey }),
      });
    const foreign = await seen(await redeem(token));
    expect(foreign).toEqual(await seen(await redeem(ABSENT_TOKEN)));
    expect(foreign.status).toBe(404);
  });

  test('an agent of another brand cannot be given a conversation, and looks like nobody', async () => {
    const assign = (agentId: string) =>
      social.sara.fetch(`${social.url}/v1/inbox/conversations/${conversationId}/assign`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ agentId }),
      });
    const foreign = await seen(await assign(theirs.agent.id));
    expect(foreign).toEqual(await seen(await assign(`agt_${ABSENT}`)));
    expect(foreign.status).toBe(409);
  });

  test('a webhook that is signed wrongly for our Page looks like one for a Page that nobody has', async () => {
    const post = async (pageId: string, secret: string) => {
      const body = metaJson({ object: 'page', entry: [{ id: pageId, time: 1, messaging: [] }] });
      return seen(await social.webhook(body, `sha256=${signature(secret, body)}`));
    };
    const wrong = await post(DEMO_PAGE.id, 'a guess');
    expect(wrong).toEqual(await post('999999999999999', 'a guess'));
    expect(wrong.status).toBe(401);
  });

  test('an address that no agent has looks like a wrong password', async () => {
    await addAgent(social.server.runtime, {
      workspaceId: theirs.workspaceId,
      name: 'Noor',
      email: 'noor@stratus.example',
      password: 'another long password',
    });
    const attempt = async (email: string) =>
      seen(
        await fetch(`${social.url}/v1/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email, password: 'a wrong password' }),
        }),
      );
    const wrong = await attempt('noor@stratus.example');
    expect(wrong).toEqual(await attempt('nobody@stratus.example'));
    expect(wrong.status).toBe(401);
  });
});

/** The token of the last link that went to Messenger. */
const linkToken = async (): Promise<string> => {
  const { simulator } = social.simulator;
  const urls = () =>
    simulator
      .customers()
      .flatMap(({ psid }) => simulator.thread(psid).messages)
      .flatMap(({ buttons }) => buttons.flatMap((button) => (button.type === 'web_url' ? [button.url] : [])));
  await expect.poll(() => urls().length, SOON).toBeGreaterThan(0);
  return (urls().at(-1) ?? '').split('#').at(-1)?.replace('continuo=', '') ?? '';
};
