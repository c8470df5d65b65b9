import { brandPages } from '@continuo-examples/brand-page';
import { type Simulator, simulatorPlugin } from '@continuo-examples/messenger-simulator';
import { playgroundRoutes } from '@continuo-examples/playground';
import fastify, { type FastifyInstance } from 'fastify';
import { agentsPage, type SignIn } from './agents-page.ts';
import { examplePages } from './example-pages.ts';
import { AGENTS } from './people.ts';
import { reloadPlugin } from './reload.ts';

export interface DemoAppOptions {
  publicUrl: string;
  channelKey: string;
  simulator: Simulator;
  signIn: SignIn;
  /** In development: open pages reload when a bundle was written. @default false */
  reload?: boolean;
}

const PREFIXES = ['/phone', '/shop', '/agents', '/examples', '/reload'] as const;

/** Whether an address belongs to the demo's pages and not to the server. */
export const isDemoPath = (url: string): boolean =>
  PREFIXES.some((prefix) => url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`));

/** An agent's `Cookie` for requests of the playground. */
const cookieOf = (signIn: SignIn) => async (): Promise<string | null> => {
  const cookies = await signIn(AGENTS[2].email);
  return cookies?.map((cookie) => cookie.split(';')[0]).join('; ') ?? null;
};

/** The demo's own pages, beside the server and apart from it: none of its settings apply here. */
export const createDemoApp = async (options: DemoAppOptions): Promise<FastifyInstance> => {
  const { publicUrl: baseUrl, channelKey } = options;
  const app = fastify();
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  await app.register(simulatorPlugin(options.simulator), { prefix: '/phone' });
  await app.register(brandPages({ loaderUrl: `${baseUrl}/widget/loader.js`, channelKey }), {
    prefix: '/shop',
  });
  await app.register(agentsPage(options.signIn), { prefix: '/agents' });
  await app.register(examplePages({ baseUrl, channelKey }), { prefix: '/examples' });
  const { signIn } = options;
  await app.register(playgroundRoutes({ baseUrl, signIn: cookieOf(signIn) }), {
    prefix: '/examples/playground',
  });
  if (options.reload) await app.register(reloadPlugin, { prefix: '/reload' });
  await app.ready();
  return app;
};
