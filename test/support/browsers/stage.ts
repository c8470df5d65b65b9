import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  type SimulatorServer,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import { type AgentClient, signInAgent } from '../agent-client.ts';
import { addBrandOn } from '../brand-on.ts';
import { type BrandPage, type BrandSite, startBrandSite } from '../brand-site.ts';
import { createServerProcess, type ServerProcess } from '../server-process.ts';
import { PAGE_ACCOUNT } from '../social-deployment.ts';

/** A brand as in `world.ts`, but for a browser of any make: its site's pages are under the strictest policy. */
export interface Stage {
  server: ServerProcess;
  brand: BrandSite;
  simulator: SimulatorServer;
  /** An agent who is online. */
  sara: AgentClient;
  /** The conversation that something was written in last. */
  newestConversation(): Promise<string>;
  close(): Promise<void>;
}

/** Kept in the session's storage, so that a reload does not forget what went wrong before it. */
const COLLECTOR = `
  const note = (what) => sessionStorage.setItem('errors', (sessionStorage.getItem('errors') ?? '') + what + '\\n');
  addEventListener('error', (event) => note(event.message ?? 'could not load ' + event.target.src), true);
  addEventListener('unhandledrejection', ({ reason }) => note('unhandled: ' + reason));
  document.addEventListener('securitypolicyviolation', (event) => note(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
  const { error } = console;
  console.error = (...words) => { note(words.join(' ')); error(...words); };`;

const NONCE = 'dGVzdA';

const strictPage = (origin: string, page: BrandPage): BrandPage => ({
  ...page,
  head: `<script nonce="${NONCE}">${COLLECTOR}</script>`,
  csp: [
    "default-src 'none'",
    `script-src ${origin} 'nonce-${NONCE}'`,
    `connect-src ${origin}`,
    `img-src ${origin} data: blob:`,
    'media-src blob:',
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
});

export const startStage = async (): Promise<Stage> => {
  const simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE] });
  const server = await createServerProcess({
    CONTINUO_MESSENGER_API_URL: simulator.graphUrl,
    CONTINUO_RATE_LIMITS: 'false',
  });
  let channel = '';
  const brand = await startBrandSite(() => ({ script: `${server.url}/widget/loader.js`, channel }), {
    '/': strictPage(server.url, {}),
    '/ar': strictPage(server.url, { lang: 'ar', dir: 'rtl' }),
  });
  const { channelKey, account } = await addBrandOn(server, {
    page: PAGE_ACCOUNT,
    settings: { siteUrl: `${brand.url}/` },
  });
  channel = channelKey;
  await server.start();
  await simulator.simulator.subscribe({
    url: `${server.url}/v1/webhooks/messenger`,
    verifyToken: DEMO_VERIFY_TOKEN,
  });
  const sara = await signInAgent(server.url, account);
  return {
    server,
    brand,
    simulator,
    sara,
    async newestConversation() {
      const { body } = await sara.request('GET', '/v1/inbox/conversations');
      return body.conversations[0].id;
    },
    async close() {
      await server.dispose();
      await brand.close();
      await simulator.close();
    },
  };
};
