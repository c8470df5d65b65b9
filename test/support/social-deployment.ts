import type { ConversationEvent, Delivery } from '@continuo/protocol';
import { addChannel } from '@continuo/server';
import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  metaJson,
  type SimulatorServer,
  signature,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import type { AgentClient } from './agent-client.ts';
import { type Deployment, type DeploymentOptions, startDeployment } from './deployment.ts';
import { type MessengerCustomer, messengerCustomer } from './messenger-customer.ts';

/** Configuration of a channel for the simulated Page. */
export const PAGE_ACCOUNT = {
  pageId: DEMO_PAGE.id,
  pageUsername: DEMO_PAGE.username,
  pageAccessToken: DEMO_PAGE.accessToken,
  appSecret: DEMO_APP.secret,
  verifyToken: DEMO_VERIFY_TOKEN,
};

/** A deployment with a Facebook Page, whose other side is simulated. */
export interface SocialDeployment extends Deployment {
  simulator: SimulatorServer;
  webhookUrl: string;
  /** The agent, signed in. */
  sara: AgentClient;
  /** A person on Messenger. */
  person(firstName?: string): MessengerCustomer;
  /** Posts a webhook, signed as Meta does unless another signature is given. */
  webhook(body: unknown, signatureHeader?: string): Promise<Response>;
  /** Waits until nothing is on its way from the simulator, and nothing waits to be worked on. */
  quiet(): Promise<void>;
  /** The conversation of someone on Messenger; null before there is one. */
  conversationOf(psid: string): Promise<string | null>;
  log(conversationId: string): Promise<ConversationEvent[]>;
  deliveries(conversationId: string): Promise<Delivery[]>;
}

const POLL_MS = 10;

export const startSocialDeployment = async (options: DeploymentOptions = {}): Promise<SocialDeployment> => {
  const simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE] });
  const deployment = await startDeployment({
    ...options,
    environment: {
      CONTINUO_MESSENGER_API_URL: simulator.graphUrl,
      CONTINUO_FOLLOW_DELAY_MS: '300',
      ...options.environment,
    },
    settings: { humanAgent: true, ...options.settings },
  });
  const { url, server, workspaceId } = deployment;
  const { store } = server.runtime;
  const page = { workspaceId, kind: 'messenger', name: DEMO_PAGE.name, config: PAGE_ACCOUNT };
  await addChannel(server.runtime, page);
  const webhookUrl = `${url}/v1/webhooks/messenger`;
  await simulator.simulator.subscribe({ url: webhookUrl, verifyToken: DEMO_VERIFY_TOKEN });
  const sara = await deployment.signIn();

  const waiting = async () => {
    const { length } = await store.db
      .selectFrom('inbound')
      .select(({ fn }) => fn.countAll<number>().as('length'))
      .where('processed_at', 'is', null)
      .executeTakeFirstOrThrow();
    return length > 0;
  };

  return {
    ...deployment,
    simulator,
    webhookUrl,
    sara,
    person: (firstName = 'Amina') => messengerCustomer({ simulator }, { firstName, lastName: 'Karimi' }),
    webhook(body, signatureHeader) {
      const text = typeof body === 'string' ? body : metaJson(body);
      const signed = signatureHeader ?? `sha256=${signature(DEMO_APP.secret, text)}`;
      return fetch(webhookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': signed },
        body: text,
      });
    },
    async quiet() {
      await simulator.simulator.webhooks.settled();
      while (await waiting()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    },
    async conversationOf(psid) {
      const row = await store.db
        .selectFrom('identities')
        .innerJoin('conversations', 'conversations.customer_id', 'identities.customer_id')
        .select('conversations.id')
        .where('identities.external_id', '=', psid)
        .executeTakeFirst();
      return row?.id ?? null;
    },
    async log(conversationId) {
      const page = await store.readAfter(conversationId, 0, 10_000);
      return (page?.bodies ?? []).map((body) => JSON.parse(body));
    },
    deliveries: async (conversationId) => (await sara.view(conversationId)).body.deliveries,
    async close() {
      await deployment.close();
      await simulator.close();
    },
  };
};
