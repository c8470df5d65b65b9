import {
  DEMO_APP,
  DEMO_PAGE,
  DEMO_VERIFY_TOKEN,
  type SimulatorServer,
  startSimulator,
} from '@continuo-examples/messenger-simulator';
import { expect } from 'vitest';
import { type AgentClient, signInAgent } from '../../support/agent-client.ts';
import { addBrandOn } from '../../support/brand-on.ts';
import { createCluster, type Engine } from '../../support/cluster.ts';
import { createDevice } from '../../support/device.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { type MessengerCustomer, messengerCustomer } from '../../support/messenger-customer.ts';
import type { Outside } from '../../support/outside.ts';
import type { ServerProcess } from '../../support/server-process.ts';
import { PAGE_ACCOUNT } from '../../support/social-deployment.ts';
import type { DeviceName } from './acts.ts';
import { createScheduleAgent, type ScheduleAgent } from './agent.ts';
import { openScheduleDevice, type ScheduleDevice } from './device.ts';

export const SOON = { timeout: 60_000, interval: 20 };

/** What all schedules share: servers in processes of their own, the network before them, Messenger, and an agent. */
export interface Stage {
  nodes: readonly ServerProcess[];
  outside: Outside;
  simulator: SimulatorServer;
  proxy: FaultProxy;
  sara: AgentClient;
  channelKey: string;
  close(): Promise<void>;
}

/** The people of one schedule. */
export interface Scene extends Stage {
  amina: { person: MessengerCustomer; conversationId: string; tokens: string[]; written: string[] };
  devices: Record<DeviceName, ScheduleDevice>;
  agent: ScheduleAgent;
  /** The visitor's conversation; null before there is one. */
  visitorConversation(): string | null;
  /** All is well again: the network and the pages. */
  heal(): Promise<void>;
  /** Lets go of the people. */
  leave(): void;
}

export const setStage = async (engine: Engine, count = 1): Promise<Stage> => {
  // Meta goes on for hours: here for as long as a server may take to start on a busy machine, and longer.
  const webhookRetryDelaysMs = Array.from({ length: 3000 }, () => 100);
  const simulator = await startSimulator({ app: DEMO_APP, pages: [DEMO_PAGE], webhookRetryDelaysMs });
  const environment = {
    CONTINUO_MESSENGER_API_URL: simulator.graphUrl,
    CONTINUO_FOLLOW_DELAY_MS: '100',
  };
  const cluster = await createCluster(engine, { nodes: count, environment });
  const { account, channelKey } = await addBrandOn(cluster.nodes[0], { page: PAGE_ACCOUNT });
  await Promise.all(cluster.nodes.map((node) => node.start()));
  const proxy = await startFaultProxy(...cluster.nodes.map((node) => node.url));
  // Webhooks and what is only looked at come by a network that is always well.
  const way = await startFaultProxy(...cluster.nodes.map((node) => node.url));
  await simulator.simulator.subscribe({
    url: `${way.url}/v1/webhooks/messenger`,
    verifyToken: DEMO_VERIFY_TOKEN,
  });
  const outside = await cluster.outside();
  return {
    nodes: cluster.nodes,
    outside,
    simulator,
    proxy,
    channelKey,
    sara: await signInAgent(cluster.nodes[0].url, account),
    async close() {
      await outside.close();
      await cluster.dispose();
      await way.close();
      await proxy.close();
      await simulator.close();
    },
  };
};

const conversationOf = async (outside: Outside, psid: string): Promise<string | null> => {
  const [row] = await outside.rows(
    'SELECT v.id FROM conversations v JOIN identities i ON i.customer_id = v.customer_id WHERE i.external_id = ?',
    psid,
  );
  return row ? String(row.id) : null;
};

/** A customer on Messenger who carried on on two devices, each by a link of its own. */
const meetAmina = async (stage: Stage, open: (name: DeviceName) => ScheduleDevice) => {
  const person = messengerCustomer(stage, { firstName: 'Amina', lastName: 'Karimi' });
  person.write('My order is wrong');
  const find = () => conversationOf(stage.outside, person.psid);
  await expect.poll(find, SOON).not.toBeNull();
  const conversationId = (await find()) ?? '';
  const tokens: string[] = [];
  const carryOn = async (name: DeviceName) => {
    const path = `/v1/inbox/conversations/${conversationId}/handoffs`;
    await stage.sara.request('POST', path, { clientId: `offer-for-the-${name}` });
    const token = (await person.receivedLink()).split('#').at(-1)?.replace('continuo=', '') ?? '';
    const device = open(name);
    await device.client().handoff.redeem(token);
    tokens.push(token);
    return device;
  };
  const phone = await carryOn('phone');
  const laptop = await carryOn('laptop');
  const written = ['My order is wrong'];
  return { amina: { person, conversationId, tokens, written }, phone, laptop };
};

export const playScene = async (stage: Stage): Promise<Scene> => {
  const { proxy, channelKey, simulator } = stage;
  const at = { baseUrl: proxy.url, channelKey };
  const open = (name: DeviceName) => openScheduleDevice(name, at);
  const { amina, phone, laptop } = await meetAmina(stage, open);
  const devices = { phone, laptop, visitor: open('visitor') };
  const agent = createScheduleAgent(stage.sara, proxy.url);
  return {
    ...stage,
    amina,
    devices,
    agent,
    visitorConversation: () => devices.visitor.client().$conversation.get()?.id ?? null,
    async heal() {
      proxy.decide = () => null;
      proxy.block(false);
      proxy.mute(false);
      proxy.cut();
      simulator.simulator.faults.clear();
      for (const device of Object.values(devices)) {
        device.tell('online');
        device.tell('visible');
        await device.client().open();
      }
    },
    leave() {
      agent.close();
      for (const device of Object.values(devices)) device.close();
    },
  };
};

/** A stranger's device tries a link. @returns the answer's status */
export const tryToSteal = async ({ proxy, channelKey }: Stage, token: string): Promise<number> => {
  const stranger = await createDevice(proxy.url);
  const { status } = await stranger.request('POST', '/v1/handoffs/redeem', { token, channelKey });
  return status;
};
