import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { addAgent } from './admin/add-agent.ts';
import { addChannel } from './admin/add-channel.ts';
import { addWorkspace } from './admin/add-workspace.ts';
import { loadConfig } from './config/load.ts';
import { createServer, type Server } from './server.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const makeServer = async (): Promise<Server> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'continuo-server-'));
  folders.push(dataDir);
  return createServer({ ...loadConfig({ CONTINUO_PORT: '0', CONTINUO_LOG_LEVEL: 'silent' }), dataDir });
};

const PASSWORD = 'correct horse battery';

const openInbox = async (url: string): Promise<Response> => {
  const signedIn = await fetch(`${url}/v1/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ines@acme.example', password: PASSWORD }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return fetch(`${url}/v1/inbox/signals`, { headers: { cookie, 'continuo-version': '1' } });
};

test('a server that stops tells its readers when to come back, and then is gone', async () => {
  const server = await makeServer();
  const { url } = await server.listen();
  const { id: workspaceId } = await addWorkspace(server.runtime, { name: 'Acme' });
  await addAgent(server.runtime, {
    workspaceId,
    name: 'Ines',
    email: 'ines@acme.example',
    password: PASSWORD,
  });
  const stream = await openInbox(url);
  expect(stream.status).toBe(200);
  const said = stream.text();

  const closing = server.close();
  expect(server.close()).toBe(closing);
  await closing;
  expect(await said).toMatch(/"type":"drain","withinMs":[1-9]\d*/);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  await expect(server.runtime.store.write(async () => null)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a key that does not open what the database holds stops the start', async () => {
  const server = await makeServer();
  const { config } = server.runtime;
  const { id: workspaceId } = await addWorkspace(server.runtime, { name: 'Acme' });
  await addChannel(server.runtime, { workspaceId, kind: 'web', name: 'acme.example' });
  await server.close();
  const other = Buffer.alloc(32, 1).toString('base64');
  await expect(createServer({ ...config, secretKey: other })).rejects.toThrow(
    'give every node the same CONTINUO_SECRET_KEY',
  );
  await (await createServer(config)).close();
});

test('a connection on which nothing is asked holds no stop up', async () => {
  const server = await makeServer();
  const { url } = await server.listen();
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  await once(silent, 'connect');
  const gone = once(
    silent.on('error', () => {}),
    'close',
  );
  await server.close();
  await gone;
});

test('what was written is there for the next server on the same folder', async () => {
  const first = await makeServer();
  const { id } = await addWorkspace(first.runtime, { name: 'Acme' });
  await first.close();
  const second = await createServer(first.runtime.config);
  const row = await second.runtime.store.db
    .selectFrom('workspaces')
    .select('name')
    .where('id', '=', id)
    .execute();
  expect(row).toEqual([{ name: 'Acme' }]);
  await second.close();
});
