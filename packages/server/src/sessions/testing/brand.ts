import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { createSecrets } from '../../config/secrets.ts';
import { parseWorkspaceSettings } from '../../config/workspace-settings.ts';
import { createDiskFiles } from '../../files/disk.ts';
import { createHub } from '../../live/create-hub.ts';
import { createPresence } from '../../live/presence.ts';
import { createSilentBus } from '../../nodes/bus.ts';
import { createPeers } from '../../nodes/peers.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import type { Runtime } from '../../runtime.ts';
import { openSqliteStore } from '../../storage/sqlite/open.ts';

export const ORIGIN = 'http://localhost:4400';
export const WEB_KEY = 'web_main';
export const CHANNELS = { web: 'chn_web', messenger: 'chn_messenger' } as const;
export const WORKSPACE = 'wsp_1';
export const AGENT = { id: 'agt_1', name: 'Ines' };

export const createRuntime = async (path: string, now: () => number, log: string[]): Promise<Runtime> => {
  const dataDir = join(path, '..');
  const hub = createHub();
  const store = await openSqliteStore({
    path,
    now,
    publish: (conversationId, events) => hub.publishEvents(conversationId, events),
  });
  return {
    config: { ...loadConfig({ CONTINUO_PUBLIC_URL: ORIGIN }), dataDir, rateLimits: false },
    store,
    bus: createSilentBus(),
    peers: createPeers(),
    hub,
    presence: createPresence({ hub, now, onChange: () => {} }),
    secrets: createSecrets(dataDir),
    files: createDiskFiles({ folder: join(dataDir, 'files'), now }),
    metrics: createMetrics(),
    log: createLogger('debug', { write: (line: string) => void log.push(line) }),
    now,
    newId: (prefix) => `${prefix}_${randomBytes(16).toString('base64url')}`,
    randomBytes: (length) => randomBytes(length),
    fetch: () => Promise.reject(new Error('nothing here asks a network')),
  };
};

export const seed = (rt: Runtime): Promise<void> =>
  rt.store.write(async ({ db }) => {
    const created_at = rt.now();
    const settings = JSON.stringify(parseWorkspaceSettings({}));
    await db
      .insertInto('workspaces')
      .values({ id: WORKSPACE, name: 'Brand', settings, created_at })
      .execute();
    const messenger = {
      pageId: '100',
      pageAccessToken: 'page-token',
      appSecret: 'app-secret',
      verifyToken: 'verify',
      pageUsername: 'brand',
    };
    const channel = (kind: 'web' | 'messenger', external_id: string, config: object) => ({
      id: CHANNELS[kind],
      workspace_id: WORKSPACE,
      kind,
      name: `Brand on ${kind}`,
      external_id,
      config: rt.secrets.seal(JSON.stringify(config)),
      created_at,
    });
    await db
      .insertInto('channels')
      .values([channel('web', WEB_KEY, {}), channel('messenger', '100', messenger)])
      .execute();
    await db
      .insertInto('agents')
      .values({
        ...AGENT,
        workspace_id: WORKSPACE,
        user_id: 'user_1',
        email: 'ines@brand.example',
        picture_url: 'https://brand.example/ines.png',
        status: 'online',
        created_at,
      })
      .execute();
  });
