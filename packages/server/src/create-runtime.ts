import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config/config.ts';
import { createSecrets } from './config/secrets.ts';
import { announceHere } from './conversations/announce.ts';
import { openFiles } from './files/open.ts';
import { createHub } from './live/create-hub.ts';
import { createPresence } from './live/presence.ts';
import { type Bus, createSilentBus } from './nodes/bus.ts';
import { createElsewhere } from './nodes/elsewhere.ts';
import { createPeers } from './nodes/peers.ts';
import { registerGauges } from './ops/gauges.ts';
import { createLogger } from './ops/logger.ts';
import { createMetrics } from './ops/metrics.ts';
import type { NewId, RandomBytes, Runtime } from './runtime.ts';
import { openPostgresBus } from './storage/postgres/bus.ts';
import { openPostgresStore } from './storage/postgres/open.ts';
import { openSqliteStore } from './storage/sqlite/open.ts';
import type { Store } from './storage/store.ts';

/** What of the outside world can be replaced. @default the real ones */
export type Outside = Partial<Pick<Runtime, 'now' | 'fetch' | 'log' | 'randomBytes'>> & {
  /** Stands between this node and the others, for tests that lose what they say. */
  throughBus?: (bus: Bus) => Bus;
};

type Publish = Parameters<typeof openSqliteStore>[0]['publish'];

interface Ground extends Pick<Runtime, 'config' | 'now'> {
  nodeId: string;
  onError: (error: unknown) => void;
}

/** The engine that the operator chose: its bus, and how to open its store once it is known who is to be told. */
const chooseEngine = async ({ config, now, nodeId, onError }: Ground) => {
  const { databaseUrl: url, dataDir } = config;
  if (url === null) {
    const path = join(dataDir, 'continuo.db');
    return {
      bus: createSilentBus(),
      openStore: (publish: Publish): Promise<Store> => openSqliteStore({ path, now, publish, onError }),
    };
  }
  const bus = await openPostgresBus({ url, nodeId, onError });
  return {
    bus,
    openStore: (publish: Publish): Promise<Store> =>
      openPostgresStore({ url, now, nodeId, post: bus.post, publish, onError }),
  };
};

/**
 * Everything but HTTP: for the server and for the operator's acts beside a running one. `closeRuntime` when done.
 * @throws ConfigError when the secret key cannot be used
 * @throws ContinuoError `unavailable` when the database cannot be reached
 * @throws Error when the database refuses us, or is newer than this version
 */
export async function createRuntime(config: Config, outside: Outside = {}): Promise<Runtime> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const now = outside.now ?? Date.now;
  const bytes: RandomBytes = outside.randomBytes ?? ((length) => randomBytes(length));
  const log = outside.log ?? createLogger(config.logLevel);
  const metrics = createMetrics();
  const secrets = createSecrets(config.dataDir, config.secretKey);
  const onError = (error: unknown): void => log.error({ err: error }, 'telling of what happened failed');
  const nodeId = Buffer.from(bytes(12)).toString('base64url');
  const request = outside.fetch ?? fetch;
  const files = openFiles(config, process.env, { fetch: request, now });
  const engine = await chooseEngine({ config, now, nodeId, onError });
  const bus = outside.throughBus?.(engine.bus) ?? engine.bus;
  const peers = createPeers();
  const hub = createHub(onError, createElsewhere(bus, peers));
  const store = await openOrClose(bus, () =>
    engine.openStore((conversationId, events) => {
      for (const { type } of events) metrics.increment('continuo_events_appended_total', { type });
      hub.publishEvents(conversationId, events);
    }),
  );
  const runtime: Runtime = {
    config,
    store,
    bus,
    peers,
    hub,
    presence: createPresence({ hub, now, onChange: (id) => announceHere(runtime, [id]) }),
    secrets,
    files,
    metrics,
    log,
    now,
    newId: createNewId(bytes),
    randomBytes: bytes,
    fetch: request,
  };
  registerGauges(runtime);
  return runtime;
}

/** Opens the store; where that fails, nothing is left open. */
const openOrClose = async (bus: Bus, open: () => Promise<Store>): Promise<Store> => {
  try {
    return await open();
  } catch (error) {
    await bus.close();
    throw error;
  }
};

/** Finishes what is under way, and lets go of the database. */
export async function closeRuntime({ bus, store }: Pick<Runtime, 'bus' | 'store'>): Promise<void> {
  await store.close();
  await bus.close();
}

/** 128 random bits behind the prefix. */
const createNewId =
  (bytes: RandomBytes): NewId =>
  (prefix) =>
    `${prefix}_${Buffer.from(bytes(16)).toString('base64url')}`;
