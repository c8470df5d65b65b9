import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAgent, addChannel, addWorkspace, type Runtime } from '@continuo/server';
import { DEMO_APP, DEMO_PAGE, DEMO_VERIFY_TOKEN } from '@continuo-examples/messenger-simulator';
import { AGENTS } from './people.ts';

const WORKSPACE = 'Nimbus Coffee';

/** What the demo's pages need to know of the seeded brand. */
export interface Seeded {
  /** Key of the web channel. */
  channelKey: string;
  /** Of all demo agents; made once for each data folder. */
  password: string;
}

/** Makes the brand, its channels and its agents, each where it is not there yet. */
export const seed = async (rt: Runtime): Promise<Seeded> => {
  const password = await demoPassword(rt.config.dataDir);
  const workspaceId = await seedWorkspace(rt);
  const messenger = {
    pageId: DEMO_PAGE.id,
    pageAccessToken: DEMO_PAGE.accessToken,
    pageUsername: DEMO_PAGE.username,
  };
  await seedChannel(rt, {
    workspaceId,
    kind: 'messenger',
    name: DEMO_PAGE.name,
    config: { ...messenger, appSecret: DEMO_APP.secret, verifyToken: DEMO_VERIFY_TOKEN },
  });
  const channelKey = await seedChannel(rt, { workspaceId, kind: 'web', name: 'Shop', config: {} });
  await seedAgents(rt, workspaceId, password);
  return { channelKey, password };
};

const demoPassword = async (dataDir: string): Promise<string> => {
  const path = join(dataDir, 'demo-password');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) return known;
  const password = randomBytes(18).toString('base64url');
  await writeFile(path, password, { mode: 0o600 });
  return password;
};

const seedWorkspace = async (rt: Runtime): Promise<string> => {
  const settings = { siteUrl: `${rt.config.publicUrl}/shop`, humanAgent: true };
  const known = await rt.store.db
    .selectFrom('workspaces')
    .select(['id', 'settings'])
    .where('name', '=', WORKSPACE)
    .executeTakeFirst();
  if (known === undefined) return (await addWorkspace(rt, { name: WORKSPACE, settings })).id;
  const stored: Record<string, unknown> = JSON.parse(known.settings);
  const next = JSON.stringify({ ...stored, ...settings });
  await rt.store.write(async ({ db }) => {
    await db.updateTable('workspaces').set({ settings: next }).where('id', '=', known.id).execute();
  });
  return known.id;
};

const seedChannel = async (rt: Runtime, channel: Parameters<typeof addChannel>[1]): Promise<string> => {
  const known = await rt.store.db
    .selectFrom('channels')
    .select('external_id')
    .where('workspace_id', '=', channel.workspaceId)
    .where('kind', '=', channel.kind)
    .executeTakeFirst();
  return known?.external_id ?? (await addChannel(rt, channel)).externalId;
};

/** Their pictures' addresses carry the port, which may be another one this time. */
const seedAgents = async (rt: Runtime, workspaceId: string, password: string): Promise<void> => {
  for (const { id, name, email } of AGENTS) {
    const pictureUrl = `${rt.config.publicUrl}/agents/pictures/${id}.svg`;
    const known = await rt.store.db
      .selectFrom('agents')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirst();
    if (known === undefined) {
      await addAgent(rt, { workspaceId, name, email, password, pictureUrl });
      continue;
    }
    await rt.store.write(async ({ db }) => {
      await db.updateTable('agents').set({ picture_url: pictureUrl }).where('id', '=', known.id).execute();
    });
  }
};
