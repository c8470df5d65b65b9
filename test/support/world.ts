import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  type SimulatorServer,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { type BrandPage, type BrandSite, startBrandSite } from './brand-site.ts';
import { launchChromium } from './chromium.ts';
import { type InboxPage, signIn } from './pages/inbox-page.ts';
import { type WidgetPage, widgetPage } from './pages/widget-page.ts';
import { SOON } from './patience.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/**
 * Everything that a brand runs, for real: the built server in its own process with its embedded database, a brand's
 * site on another origin, and Chromium. Only Meta is simulated.
 */
export interface World {
  server: ServerProcess;
  simulator: SimulatorServer;
  brand: BrandSite;
  browser: Browser;
  workspaceId: string;
  channelKey: string;
  /** A new browser profile, as of another device or person. Errors of its pages are kept in `pageErrors`. */
  device(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A customer on the brand's page. */
  visit(context: BrowserContext, path?: string): Promise<WidgetPage>;
  addAgent(name: string): Promise<{ email: string; password: string }>;
  /** An agent with an inbox of their own, signed in and online. */
  agent(name: string, options?: BrowserContextOptions): Promise<InboxPage>;
  /** What went wrong in any page: uncaught errors, unhandled rejections and violations of a policy. */
  pageErrors: string[];
  /** Pictures of every open page into `test-results/`, to see why a test failed. */
  takePictures(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Makes the server. @default one, on the embedded database */
  createServer?: (environment: Record<string, string>) => Promise<ServerProcess>;
  pages?: Record<string, BrandPage>;
  environment?: Record<string, string>;
  settings?: Record<string, unknown>;
}

const watch = (context: BrowserContext, errors: string[]) => {
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /Content Security Policy|Trusted|Refused to/i.test(text))
      errors.push(text);
  });
};

/** A workspace and its channels; the server starts meanwhile. */
const setUp = async (server: ServerProcess, brandUrl: string, settings: Record<string, unknown>) => {
  const workspaceId = await server.command([
    'workspace',
    'add',
    '--name',
    'Nimbus Coffee',
    '--site-url',
    `${brandUrl}/`,
    '--settings',
    JSON.stringify({ humanAgent: true, ...settings }),
  ]);
  const account = {
    pageId: DEMO_PAGE.id,
    pageUsername: DEMO_PAGE.username,
    pageAccessToken: DEMO_PAGE.accessToken,
    appSecret: DEMO_APP.secret,
    verifyToken: DEMO_VERIFY_TOKEN,
  };
  const add = (kind: string, name: string) => [
    'channel',
    'add',
    kind,
    '--workspace',
    workspaceId,
    '--name',
    name,
  ];
  const [web] = await Promise.all([
    server.command(add('web', 'Our site')),
    server.command([...add('messenger', DEMO_PAGE.name), '--account-stdin'], JSON.stringify(account)),
    server.start(),
  ]);
  return { workspaceId, channelKey: web.split('\n')[0] ?? '' };
};

export const startWorld = async ({
  createServer = createServerProcess,
  pages,
  environment,
  settings = {},
}: WorldOptions = {}): Promise<World> => {
  const simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE] });
  const server = await createServer({
    CONTINUO_MESSENGER_API_URL: simulator.graphUrl,
    CONTINUO_FOLLOW_DELAY_MS: '1500',
    CONTINUO_RATE_LIMITS: 'false',
    ...environment,
  });
  let channelKey = '';
  const brand = await startBrandSite(
    () => ({ script: `${server.url}/widget/loader.js`, channel: channelKey }),
    pages,
  );
  const [ids, browser] = await Promise.all([setUp(server, brand.url, settings), launchChromium()]);
  channelKey = ids.channelKey;
  await simulator.simulator.subscribe({
    url: `${server.url}/v1/webhooks/messenger`,
    verifyToken: DEMO_VERIFY_TOKEN,
  });
  const pageErrors: string[] = [];
  const { workspaceId } = ids;

  const device = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(SOON.timeout);
    watch(context, pageErrors);
    return context;
  };
  const addAgent = async (name: string) => {
    const account = { email: `${name.toLowerCase()}@nimbus.example`, password: `the password of ${name}` };
    const args = ['agent', 'add', '--workspace', workspaceId, '--name', name, '--email', account.email];
    await server.command([...args, '--password-stdin'], account.password);
    return account;
  };

  return {
    server,
    simulator,
    brand,
    browser,
    workspaceId,
    channelKey,
    pageErrors,
    device,
    async visit(context, path = '/') {
      const page = await context.newPage();
      await page.goto(path.startsWith('http') ? path : brand.url + path);
      return widgetPage(page);
    },
    addAgent,
    async agent(name, options) {
      const account = await addAgent(name);
      return signIn(await device(options), { url: server.url, ...account });
    },
    async takePictures(name) {
      const pages = browser.contexts().flatMap((context) => context.pages());
      for (const [index, page] of pages.entries()) {
        await page.screenshot({ path: `test-results/${name}-${index}.png` }).catch(() => {});
      }
    },
    async close() {
      await browser.close();
      await server.dispose();
      await brand.close();
      await simulator.close();
    },
  };
};
