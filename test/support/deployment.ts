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
  type WorkspaceSettings,
} from '@continuo/server';
import { type AgentClient, signInAgent } from './agent-client.ts';
import { createDevice, type Device } from './device.ts';
import { freePort } from './server-process.ts';

/** One brand on a deployment: a workspace, a web channel and an agent. */
export interface Brand {
  workspaceId: string;
  channelKey: string;
  agent: { id: string; email: string; password: string };
}

/** A server in this process on a free port, with one brand. */
export interface Deployment extends Brand {
  url: string;
  server: Server;
  dataDir: string;
  /** Another brand on the same server. */
  addBrand(name: string): Promise<Brand>;
  device(): Promise<Device>;
  /** A device with a session and one message. */
  customer(text?: string): Promise<Device>;
  /** The agent, signed in; not online until its inbox is connected. */
  signIn(): Promise<AgentClient>;
  close(): Promise<void>;
}

export interface DeploymentOptions {
  /** Settings of the server, as environment variables. */
  environment?: Record<string, string>;
  /** Clock, log and network of the server. */
  outside?: Outside;
  /** Settings of the workspace. */
  settings?: Partial<WorkspaceSettings>;
}

const createBrand = async (
  { runtime }: Server,
  name: string,
  settings: Partial<WorkspaceSettings> = {},
): Promise<Brand> => {
  const { id: workspaceId } = await addWorkspace(runtime, { name, settings });
  const web = await addChannel(runtime, { workspaceId, kind: 'web', name: 'Site' });
  const account = { email: `sara@${name.toLowerCase()}.example`, password: 'correct horse battery staple' };
  const { id } = await addAgent(runtime, { workspaceId, name: 'Sara', ...account });
  return { workspaceId, channelKey: web.externalId, agent: { id, ...account } };
};

export const startDeployment = async ({
  environment,
  outside,
  settings,
}: DeploymentOptions = {}): Promise<Deployment> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'continuo-test-'));
  const port = await freePort();
  const config = loadConfig({
    CONTINUO_PORT: String(port),
    CONTINUO_HOST: '127.0.0.1',
    CONTINUO_PUBLIC_URL: `http://127.0.0.1:${port}`,
    CONTINUO_DATA_DIR: dataDir,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_RATE_LIMITS: 'false',
    ...environment,
  });
  const server = await createServer(config, outside);
  const { url } = await server.listen();
  const brand = await createBrand(server, 'Nimbus', settings);
  return {
    ...brand,
    url,
    server,
    dataDir,
    addBrand: (name) => createBrand(server, name),
    device: () => createDevice(url),
    async customer(text = 'Hello') {
      const device = await createDevice(url);
      await device.open(brand.channelKey);
      await device.send(text);
      return device;
    },
    signIn: () => signInAgent(url, brand.agent),
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
