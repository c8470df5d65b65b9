import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROBLEM_BASE, type Problem } from '@continuo/protocol';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { addAgent } from '../../admin/add-agent.ts';
import { addChannel } from '../../admin/add-channel.ts';
import { addWorkspace } from '../../admin/add-workspace.ts';
import { createAccounts } from '../../agents/accounts.ts';
import type { Config } from '../../config/config.ts';
import { openConversation } from '../../conversations/open.ts';
import { receiveMessage } from '../../conversations/receive.ts';
import { createLogger } from '../../ops/logger.ts';
import type { Runtime } from '../../runtime.ts';
import { createRuntime } from '../../server.ts';
import { createApp } from '../app.ts';

export const PASSWORD = 'correct horse battery';
export const ORIGIN = 'http://localhost:4400';

/** One brand with an agent who is signed in, and a conversation on the web. */
export interface Brand {
  workspaceId: string;
  channelKey: string;
  agentId: string;
  email: string;
  /** The agent's cookie. */
  cookie: string;
  conversationId: string;
  customerId: string;
}

/** The app on a real database, with two brands that must not see each other. */
export interface World {
  rt: Runtime;
  app: FastifyInstance;
  ours: Brand;
  theirs: Brand;
  /** Every line of the log. */
  log: () => string;
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

const signIn = async (app: FastifyInstance, email: string): Promise<string> => {
  const response = await app.inject({
    method: 'POST',
    url: '/v1/auth/sign-in/email',
    payload: { email, password: PASSWORD },
  });
  expect(response.statusCode).toBe(204);
  return response.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
};

const writeOnTheWeb = (rt: Runtime, workspaceId: string, channelId: string) =>
  rt.store.write(async (tx) => {
    const customerId = rt.newId('cus');
    const person = { workspace_id: workspaceId, name: 'Amina', picture_url: null, created_at: rt.now() };
    await tx.db
      .insertInto('customers')
      .values({ ...person, id: customerId, locale: null })
      .execute();
    await tx.db
      .insertInto('identities')
      .values({
        ...person,
        id: rt.newId('idn'),
        customer_id: customerId,
        channel_id: channelId,
        external_id: customerId,
        last_inbound_at: rt.now(),
        handoff_id: null,
      })
      .execute();
    const opening = { workspaceId, customerId, channelKind: 'web' } as const;
    const { id: conversationId } = await openConversation(rt, tx, opening);
    await receiveMessage(rt, tx, {
      conversationId,
      author: { kind: 'customer', id: customerId, name: 'Amina' },
      text: 'My parcel never came',
      attachments: [],
      channel: { id: channelId, kind: 'web', name: 'Site' },
    });
    return { customerId, conversationId };
  });

const addBrand = async (rt: Runtime, app: FastifyInstance, name: string): Promise<Brand> => {
  const { id: workspaceId } = await addWorkspace(rt, { name });
  const channel = await addChannel(rt, { workspaceId, kind: 'web', name: `${name}.example` });
  const email = `ines@${name}.example`;
  const { id: agentId } = await addAgent(rt, { workspaceId, name: 'Ines', email, password: PASSWORD });
  const said = await writeOnTheWeb(rt, workspaceId, channel.id);
  const cookie = await signIn(app, email);
  return { workspaceId, channelKey: channel.externalId, agentId, email, cookie, ...said };
};

/** Makes a world; close it in the end. */
export const createWorld = async (config: Partial<Config> = {}): Promise<World> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'continuo-http-'));
  let lines = '';
  const log = createLogger('debug', {
    write(line) {
      lines += line;
    },
  });
  const rt = await createRuntime(
    {
      port: 0,
      host: '127.0.0.1',
      publicUrl: ORIGIN,
      dataDir,
      databaseUrl: null,
      messengerApiUrl: 'http://127.0.0.1:1',
      trustProxy: false,
      logLevel: 'debug',
      followDelayMs: 15_000,
      rateLimits: false,
      ...config,
    },
    { log, fetch: () => Promise.reject(new Error('nothing here asks a network')) },
  );
  const accounts = createAccounts(rt);
  await accounts.migrate();
  const app = await createApp(rt, accounts);
  return {
    rt,
    app,
    ours: await addBrand(rt, app, 'ours'),
    theirs: await addBrand(rt, app, 'theirs'),
    log: () => lines,
    inject: ({ headers, ...options }) =>
      app.inject({ ...options, headers: { 'continuo-version': '1', ...headers } }),
    async close() {
      rt.hub.streams.drain(0);
      await app.close();
      await rt.store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
};

/** Checks that an answer is a problem document of this code, and gives it. */
export const problemOf = (response: LightMyRequestResponse, code: Problem['code']): Problem => {
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem: Problem = response.json();
  expect(problem).toMatchObject({
    code,
    status: response.statusCode,
    type: PROBLEM_BASE + code.replaceAll('_', '-'),
    title: expect.any(String),
  });
  return problem;
};
