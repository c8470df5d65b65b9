import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelKind, MessageEvent } from '@continuo/protocol';
import { pino } from 'pino';
import { createSecrets } from '../../config/secrets.ts';
import { createDiskFiles } from '../../files/disk.ts';
import { createHub } from '../../live/create-hub.ts';
import { createPresence } from '../../live/presence.ts';
import { type Bus, createSilentBus } from '../../nodes/bus.ts';
import { createElsewhere } from '../../nodes/elsewhere.ts';
import { createPeers } from '../../nodes/peers.ts';
import { createMetrics } from '../../ops/metrics.ts';
import type { Runtime } from '../../runtime.ts';
import { openSqliteStore } from '../../storage/sqlite/open.ts';
import { announce } from '../announce.ts';
import { openConversation } from '../open.ts';

export const WORKSPACE = 'wsp_1';

/** A server's inside on a real store, with a clock that moves by hand. */
export interface TestRuntime extends Runtime {
  /** Moves the clock. */
  pass(ms: number): void;
  close(): Promise<void>;
}

/** @param bus to other nodes; each has a database of its own. Default: there are none */
export const createTestRuntime = async (bus: Bus = createSilentBus()): Promise<TestRuntime> => {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-runtime-'));
  let time = 1_800_000_000_000;
  const now = (): number => time;
  const peers = createPeers();
  const hub = createHub(
    (error) => {
      throw error;
    },
    createElsewhere(bus, peers),
  );
  const store = await openSqliteStore({
    path: join(folder, 'continuo.db'),
    now,
    publish: (id, events) => hub.publishEvents(id, events),
  });
  const rt: TestRuntime = {
    config: {
      port: 0,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:4400',
      dataDir: folder,
      databaseUrl: null,
      messengerApiUrl: 'http://localhost:1',
      trustProxy: false,
      logLevel: 'silent',
      followDelayMs: 15_000,
      rateLimits: false,
    },
    store,
    bus,
    peers,
    hub,
    presence: createPresence({ hub, now, onChange: (id) => announce(rt, id) }),
    secrets: createSecrets(folder),
    files: createDiskFiles({ folder: join(folder, 'files'), now }),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now,
    newId: (prefix) => `${prefix}_${randomBytes(12).toString('base64url')}`,
    randomBytes: (length) => randomBytes(length),
    fetch: () => Promise.reject(new Error('no network here')),
    pass(ms) {
      time += ms;
    },
    async close() {
      hub.streams.drain(0);
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
  await store.write(({ db }) =>
    db
      .insertInto('workspaces')
      .values({ id: WORKSPACE, name: 'Brand', settings: '{}', created_at: 1 })
      .execute(),
  );
  return rt;
};

const CONFIGS: Record<ChannelKind, object> = {
  web: {},
  messenger: {
    pageId: '100200300',
    pageAccessToken: 'access',
    appSecret: 'secret',
    verifyToken: 'verify',
    pageUsername: 'brand',
  },
};

/** A channel of the workspace, as messages name it. */
export const addChannel = async (rt: Runtime, kind: ChannelKind): Promise<MessageEvent['channel']> => {
  const channel = { id: `chn_${kind}`, kind, name: `Our ${kind}` };
  const config = rt.secrets.seal(JSON.stringify(CONFIGS[kind]));
  const row = { ...channel, workspace_id: WORKSPACE, external_id: `ext_${kind}`, config, created_at: 1 };
  await rt.store.write(({ db }) =>
    db
      .insertInto('channels')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  return channel;
};

/** An agent of the workspace. `connected`: with an inbox open. */
export const addAgent = async (
  rt: Runtime,
  id: string,
  { status = 'online', connected = true }: { status?: 'online' | 'away'; connected?: boolean } = {},
): Promise<() => void> => {
  await rt.store.write(({ db }) =>
    db
      .insertInto('agents')
      .values({
        id,
        workspace_id: WORKSPACE,
        user_id: `user_${id}`,
        email: `${id}@brand.example`,
        name: `Agent ${id}`,
        picture_url: null,
        status,
        created_at: 1,
      })
      .execute(),
  );
  return connected ? connectAgent(rt, id) : () => {};
};

/** Opens an agent's inbox; returns how to close it. */
export const connectAgent = (rt: Runtime, agentId: string): (() => void) =>
  rt.hub.listenInbox(WORKSPACE, { agentId, onSignal: () => {} });

/** A customer with an address on a channel, and their conversation. */
export const addCustomer = async (
  rt: Runtime,
  name: string,
  channel: MessageEvent['channel'],
): Promise<{ customerId: string; conversationId: string }> =>
  rt.store.write(async (tx) => {
    const customerId = rt.newId('cus');
    const person = { name, picture_url: null, workspace_id: WORKSPACE, created_at: rt.now() };
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
        channel_id: channel.id,
        external_id: `person_${name}`,
        last_inbound_at: rt.now(),
        handoff_id: null,
      })
      .execute();
    const opened = { workspaceId: WORKSPACE, customerId, channelKind: channel.kind };
    const { id } = await openConversation(rt, tx, opened);
    return { customerId, conversationId: id };
  });
