import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, type ConversationEvent, Session, VERSION_HEADER } from '@continuo/protocol';
import type { FastifyInstance } from 'fastify';
import { Value } from 'typebox/value';
import { parseWorkspaceSettings } from '../../config/workspace-settings.ts';
import { openConversation } from '../../conversations/open.ts';
import { receiveMessage } from '../../conversations/receive.ts';
import { customerRoutes } from '../../customers/customer-routes.ts';
import { handoffRoutes } from '../../handoffs/handoff-routes.ts';
import { offerHandoff } from '../../handoffs/offer.ts';
import { createBareApp } from '../../http/app.ts';
import type { Runtime } from '../../runtime.ts';
import { AGENT, CHANNELS, createRuntime, ORIGIN, seed, WEB_KEY, WORKSPACE } from './brand.ts';
import type { Device } from './device.ts';

const START = Date.UTC(2026, 10, 22, 9);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface CallOptions {
  body?: object;
  /** Beside what every request has. */
  headers?: Record<string, string>;
  token?: string;
  origin?: string;
  /** Instead of the device's own good proof; null for none. */
  proof?: string | null;
}

export interface Answer {
  status: number;
  text: string;
  bytes: Buffer;
  /** Of an answer in JSON. */
  body: unknown;
  headers: Record<string, unknown>;
}

export interface SocialCustomer {
  customerId: string;
  conversationId: string;
  identityId: string;
}

/** A server on a real database, with one workspace, a web and a Messenger channel, and an agent. Its clock is ours. */
export interface World {
  rt: Runtime;
  app: FastifyInstance;
  /** The database's file. */
  path: string;
  /** Every line that was logged. */
  log: string[];
  agent: Actor;
  now(): number;
  pass(ms: number): void;
  /** `line` is `METHOD /path`. */
  call(device: Device, line: string, options?: CallOptions): Promise<Answer>;
  /** `POST /v1/sessions`, which must succeed. */
  open(device: Device): Promise<Session>;
  /** `POST /v1/handoffs/redeem`, which must succeed. */
  redeem(device: Device, token: string, join?: boolean): Promise<Session>;
  /** A customer who wrote on Messenger. */
  social(over?: { name?: string | null; psid?: string; locale?: string }): Promise<SocialCustomer>;
  writeSocial(customer: SocialCustomer, text: string): Promise<void>;
  /** Offers a handoff; the token is read from the link that goes into the social thread. */
  offer(conversationId: string): Promise<string>;
  /** The newest delivery's text, link and button. */
  lastLink(conversationId: string): Promise<{ opened: string; token: string }>;
  events(conversationId: string): Promise<ConversationEvent[]>;
  settings(settings: object): Promise<void>;
  close(): Promise<void>;
}

const createApp = async (rt: Runtime): Promise<FastifyInstance> => {
  const app = await createBareApp(rt);
  await app.register(customerRoutes(rt));
  await app.register(handoffRoutes(rt));
  await app.ready();
  return app;
};

const createSocial = async (
  rt: Runtime,
  over: { name?: string | null; psid?: string; locale?: string },
): Promise<SocialCustomer> =>
  rt.store.write(async (tx) => {
    const { name = 'Amina Haddad', psid = `psid_${randomBytes(6).toString('hex')}`, locale = 'en_US' } = over;
    const customerId = rt.newId('cus');
    const identityId = rt.newId('idn');
    const created_at = rt.now();
    const common = { workspace_id: WORKSPACE, name, picture_url: null, created_at };
    await tx.db
      .insertInto('customers')
      .values({ ...common, id: customerId, locale })
      .execute();
    await tx.db
      .insertInto('identities')
      .values({
        ...common,
        id: identityId,
        customer_id: customerId,
        channel_id: CHANNELS.messenger,
        external_id: psid,
        last_inbound_at: created_at,
        handoff_id: null,
      })
      .execute();
    const { id } = await openConversation(rt, tx, {
      workspaceId: WORKSPACE,
      customerId,
      channelKind: 'messenger',
    });
    return { customerId, conversationId: id, identityId };
  });

const writeSocial = (rt: Runtime, customer: SocialCustomer, text: string): Promise<void> =>
  rt.store.write(async (tx) => {
    await tx.db
      .updateTable('identities')
      .set({ last_inbound_at: rt.now() })
      .where('id', '=', customer.identityId)
      .execute();
    await receiveMessage(rt, tx, {
      conversationId: customer.conversationId,
      author: { kind: 'customer', id: customer.customerId, name: 'Amina Haddad' },
      text,
      attachments: [],
      channel: { id: CHANNELS.messenger, kind: 'messenger', name: 'Brand on messenger' },
    });
  });

const lastLink = async (rt: Runtime, conversationId: string): Promise<{ opened: string; token: string }> => {
  const { content } = await rt.store.db
    .selectFrom('deliveries')
    .select('content')
    .where('conversation_id', '=', conversationId)
    .orderBy('seq', 'desc')
    .executeTakeFirstOrThrow();
  const opened = rt.secrets.open(content ?? '');
  return { opened, token: /#continuo=([\w-]{43})"/.exec(opened)?.[1] ?? '' };
};

const parse = (text: string, type: unknown): unknown =>
  text !== '' && String(type).includes('json') ? JSON.parse(text) : null;

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'] as const;
const isMethod = (method: string | undefined): method is (typeof METHODS)[number] =>
  METHODS.some((known) => known === method);

const createCall =
  (app: FastifyInstance, now: () => number): World['call'] =>
  async (device, line, { body, headers, token, origin, proof } = {}) => {
    const [, method, url] = /^(GET|HEAD|POST|PATCH|DELETE) (\S+)$/.exec(line) ?? [];
    if (!isMethod(method)) throw new Error(line);
    const dpop =
      proof ?? (await device.prove({ method, url: `${ORIGIN}${url}`, now: now(), ...(token && { token }) }));
    const response = await app.inject({
      method,
      url: url ?? '',
      headers: {
        host: 'localhost:4400',
        [VERSION_HEADER]: '1',
        ...(proof !== null && { dpop }),
        ...(token && { authorization: `DPoP ${token}` }),
        ...(origin && { origin }),
        ...headers,
      },
      ...(body && { payload: body }),
    });
    return {
      status: response.statusCode,
      text: response.payload,
      bytes: response.rawPayload,
      body: parse(response.payload, response.headers['content-type']),
      headers: { ...response.headers },
    };
  };

const createSocialSide = (
  rt: Runtime,
  agent: Actor,
): Pick<World, 'social' | 'writeSocial' | 'offer' | 'lastLink'> => ({
  async social(over = {}) {
    const customer = await createSocial(rt, over);
    await writeSocial(rt, customer, 'My parcel never came');
    return customer;
  },
  writeSocial: (customer, text) => writeSocial(rt, customer, text),
  async offer(conversationId) {
    const clientId = randomBytes(9).toString('base64url');
    await rt.store.write((tx) => offerHandoff(rt, tx, { conversationId, agent, clientId }));
    return (await lastLink(rt, conversationId)).token;
  },
  lastLink: (conversationId) => lastLink(rt, conversationId),
});

const createStoreSide = (rt: Runtime): Pick<World, 'events' | 'settings'> => ({
  async events(conversationId) {
    const page = await rt.store.readAfter(conversationId, 0, 10_000);
    return (page?.bodies ?? []).map((body): ConversationEvent => JSON.parse(body));
  },
  async settings(settings) {
    const json = JSON.stringify(parseWorkspaceSettings(settings));
    await rt.store.write(async ({ db }) => {
      await db.updateTable('workspaces').set({ settings: json }).execute();
    });
  },
});

/** Makes a world; close it in the end. */
export const createWorld = async (): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-sessions-'));
  const path = join(folder, 'continuo.db');
  let time = START;
  const now = () => time;
  const log: string[] = [];
  const rt = await createRuntime(path, now, log);
  await seed(rt);
  const app = await createApp(rt);
  // The agent has an inbox open, so that conversations find an assignee.
  rt.hub.listenInbox(WORKSPACE, { agentId: AGENT.id, onSignal: () => {} });
  const agent: Actor = { kind: 'agent', ...AGENT };
  const call = createCall(app, now);
  const session = async (answer: Promise<Answer>): Promise<Session> =>
    Value.Parse(Session, (await answer).body);

  return {
    rt,
    app,
    path,
    log,
    agent,
    now,
    pass: (ms) => {
      time += ms;
    },
    call,
    open: (device) => session(call(device, 'POST /v1/sessions', { body: { channelKey: WEB_KEY } })),
    redeem: (device, token, join) =>
      session(
        call(device, 'POST /v1/handoffs/redeem', {
          body: { token, channelKey: WEB_KEY, ...(join !== undefined && { join }) },
        }),
      ),
    ...createSocialSide(rt, agent),
    ...createStoreSide(rt),
    async close() {
      rt.hub.streams.drain(0);
      await app.close();
      await rt.store.close();
      rmSync(folder, { recursive: true });
    },
  };
};
