import { join } from 'node:path';
import { type Config, createServer, loadConfig, type Server } from '@continuo/server';
import {
  addDemoCustomers,
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  Simulator,
} from '@continuo-examples/messenger-simulator';
import type { SignIn } from './agents-page.ts';
import { createDemoApp, isDemoPath } from './demo-app.ts';
import { claimPort } from './free-port.ts';
import { seed } from './seed.ts';

export interface Demo {
  /** Where everything is, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** The wanted port is taken. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is in use, perhaps by another run of the demo. End it, or choose another: PORT=${port + 1} npm start`,
    );
  }
}

/**
 * The settings of the demo: the operator's, but on this machine only and with the simulated Meta.
 * @throws PortTaken
 * @throws ConfigError
 */
const demoConfig = async (env: NodeJS.ProcessEnv): Promise<Config> => {
  const given = loadConfig({ CONTINUO_LOG_LEVEL: 'warn', ...env });
  const port = await claimPort(given.port);
  if (port === null) throw new PortTaken(given.port);
  const publicUrl = env.CONTINUO_PUBLIC_URL ?? `http://localhost:${port}`;
  // A machine's common DATABASE_URL may be another project's.
  const databaseUrl = env.CONTINUO_DATABASE_URL ? given.databaseUrl : null;
  const messengerApiUrl = `${publicUrl}/phone/graph/v25.0`;
  return { ...given, port, publicUrl, databaseUrl, host: '127.0.0.1', messengerApiUrl };
};

/** Starts everything on one port and waits until it can be used. */
export const startDemo = async (env: NodeJS.ProcessEnv): Promise<Demo> => {
  const config = await demoConfig(env);
  const server = await createServer(config);
  const { channelKey, password } = await seed(server.runtime);
  const stateFile = join(config.dataDir, 'messenger-simulator.json');
  const simulator = new Simulator({ app: DEMO_APP, pages: [DEMO_PAGE], stateFile });
  addDemoCustomers(simulator);
  const { publicUrl } = config;
  const demo = await createDemoApp({
    publicUrl,
    channelKey,
    simulator,
    signIn: createSignIn(server, password),
    reload: process.argv.includes('--reload'),
  });
  server.app.server
    .removeAllListeners('request')
    .on('request', (request, response) =>
      (isDemoPath(request.url ?? '') ? demo : server.app).routing(request, response),
    );
  await server.listen();
  await simulator.subscribe({ url: `${publicUrl}/v1/webhooks/messenger`, verifyToken: DEMO_VERIFY_TOKEN });
  return {
    url: publicUrl,
    async close() {
      simulator.drain();
      await server.close();
      await demo.close();
    },
  };
};

const createSignIn =
  ({ app, runtime }: Server, password: string): SignIn =>
  async (email) => {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/auth/sign-in/email',
      headers: { origin: runtime.config.publicUrl },
      payload: { email, password },
    });
    const cookies = response.headers['set-cookie'];
    if (response.statusCode >= 300 || cookies === undefined) return null;
    return Array.isArray(cookies) ? cookies : [cookies];
  };
