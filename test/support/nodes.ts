import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addAgent,
  addChannel,
  addWorkspace,
  createServer,
  loadConfig,
  type Outside,
  type Server,
} from '@continuo/server';
import { type AgentClient, signInAgent } from './agent-client.ts';
import type { Brand } from './deployment.ts';
import { createDevice, type Device } from './device.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import { freePort } from './server-process.ts';
import { openSse, type SseReader } from './sse.ts';

/** A server of several on one database. */
export interface Node {
  url: string;
  server: Server;
}

/** Servers in this process on one PostgreSQL database, with one brand. */
export interface Nodes extends Brand {
  a: Node;
  b: Node;
  database: TestDatabase;
  /** A further node; also instead of one that was closed. */
  add(outside?: Outside): Promise<Node>;
  /** A device with a session and one message, sent to the first node. */
  customer(text?: string): Promise<Device>;
  /** The agent, signed in at the first node. */
  signIn(): Promise<AgentClient>;
  close(): Promise<void>;
}

export interface NodesOptions {
  environment?: Record<string, string>;
  /** Another way to the database than straight; given and giving a URL. */
  through?: (url: string) => Promise<string>;
  /** Of the first two. */
  outside?: [Outside, Outside];
}

/** A conversation's stream, read at any node with the same session. */
export const streamAt = ({ url }: Node, device: Device, offset = '-1'): Promise<SseReader> =>
  openSse(device.fetch, `${url}/v1/conversations/${device.conversationId}/events?live=sse&offset=${offset}`);

/** A request of a device to any node. */
export const requestAt = async (
  { url }: Node,
  device: Device,
  { method, path, body }: { method: string; path: string; body?: unknown },
): Promise<Response> =>
  device.fetch(url + path, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });

/** Starts two nodes. */
export const startNodes = async ({ environment, outside, through }: NodesOptions = {}): Promise<Nodes> => {
  const database = await createTestDatabase();
  const databaseUrl = (await through?.(database.url)) ?? database.url;
  const secretKey = randomBytes(32).toString('base64');
  const open: { node: Node; dataDir: string }[] = [];
  const add = async (world?: Outside): Promise<Node> => {
    const dataDir = await mkdtemp(join(tmpdir(), 'continuo-node-'));
    const port = await freePort();
    const config = loadConfig({
      CONTINUO_PORT: String(port),
      CONTINUO_HOST: '127.0.0.1',
      CONTINUO_PUBLIC_URL: 'http://chat.localhost',
      CONTINUO_DATA_DIR: dataDir,
      CONTINUO_DATABASE_URL: databaseUrl,
      CONTINUO_SECRET_KEY: secretKey,
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_RATE_LIMITS: 'false',
      ...environment,
    });
    const server = await createServer(config, world);
    const node = { server, url: (await server.listen()).url };
    open.push({ node, dataDir });
    return node;
  };
  // At the same time, as when a deployment starts.
  const [a, b] = await Promise.all([add(outside?.[0]), add(outside?.[1])]);

  const { runtime } = a.server;
  const { id: workspaceId } = await addWorkspace(runtime, { name: 'Nimbus', settings: { humanAgent: true } });
  const web = await addChannel(runtime, { workspaceId, kind: 'web', name: 'Site' });
  const account = { email: 'sara@nimbus.example', password: 'correct horse battery staple' };
  const { id } = await addAgent(runtime, { workspaceId, name: 'Sara', ...account });

  return {
    a,
    b,
    database,
    workspaceId,
    channelKey: web.externalId,
    agent: { id, ...account },
    add,
    async customer(text = 'Hello') {
      const device = await createDevice(a.url);
      await device.open(web.externalId);
      await device.send(text);
      return device;
    },
    signIn: () => signInAgent(a.url, account),
    async close() {
      await Promise.all(open.map(({ node }) => node.server.close()));
      await Promise.all(open.map(({ dataDir }) => rm(dataDir, { recursive: true, force: true })));
      await database.drop();
    },
  };
};
