import type { MessageEvent, Signal } from '@continuo/protocol';
import {
  addAgent,
  addChannel,
  addCustomer,
  createTestRuntime,
  type TestRuntime,
} from '../../conversations/testing/runtime.ts';
import { reply } from '../../conversations/testing/story.ts';
import type { Presence } from '../../live/presence.ts';
import { applyEvent, type DeliveryRow, deliveryRows } from '../apply.ts';
import { type Claim, claimDue } from '../claim.ts';
import type { DeliveryEvent } from '../policy.ts';
import { settle } from '../settle.ts';
import { sendClaim } from '../worker.ts';
import { createNetwork, type Network } from './network.ts';

/** One customer on Messenger, one agent, and a network in memory. */
export interface World {
  rt: TestRuntime;
  network: Network;
  channel: MessageEvent['channel'];
  conversationId: string;
  identityId: string;
  /** Another customer. */
  meet(name: string): Promise<{ conversationId: string; identityId: string }>;
  /** The customer opens or leaves the page. */
  web(visible: boolean, conversationId?: string): void;
  /** An agent answers. @returns the seq */
  say(text: string, conversationId?: string): Promise<number>;
  /** The customer has seen the page up to this seq. */
  readOnWeb(seq: number): Promise<void>;
  claim(): Promise<Claim[]>;
  /** Takes what is due, sends it and writes down how it went, until nothing is due. @returns how many were sent */
  work(): Promise<number>;
  /** Something happens to every delivery in these states. */
  happen(event: DeliveryEvent): Promise<void>;
  rows(conversationId?: string): Promise<DeliveryRow[]>;
  /** `seq:state` of each delivery. */
  states(conversationId?: string): Promise<string[]>;
  /** Signals that agents got. */
  signals: Signal[];
  close(): Promise<void>;
}

/** Presence that does as it is told. */
const createFakePresence = (now: () => number) => {
  const left = new Map<string, number>();
  const here = new Set<string>();
  const presence: Presence = {
    enter: () => ({ visible: () => {}, leave: () => {} }),
    setVisible: (conversationId, _sessionId, visible) => {
      if (visible) here.add(conversationId);
      else if (here.delete(conversationId)) left.set(conversationId, now());
    },
    of: (conversationId) => (here.has(conversationId) ? 'web' : 'away'),
    lastWebAt: (conversationId) => (here.has(conversationId) ? now() : (left.get(conversationId) ?? null)),
    noteVisible() {},
    noteHidden() {},
    review() {},
    here: () => ({ web: [...here], hidden: [] }),
  };
  return presence;
};

type Scene = Pick<World, 'rt' | 'network' | 'channel' | 'meet'>;

const createScene = async (): Promise<Scene> => {
  const rt = await createTestRuntime();
  const network = createNetwork();
  Object.assign(rt, { fetch: network.fetch, presence: createFakePresence(rt.now) });
  const channel = await addChannel(rt, 'messenger');
  await addAgent(rt, 'agt_a');
  const meet = async (name: string) => {
    const { customerId, conversationId } = await addCustomer(rt, name, channel);
    const { id } = await rt.store.db
      .selectFrom('identities')
      .select('id')
      .where('customer_id', '=', customerId)
      .executeTakeFirstOrThrow();
    return { conversationId, identityId: id };
  };
  // After a start presence is not known at once; most tests are about later.
  await claimDue(rt);
  return { rt, network, channel, meet };
};

const carryOutAll = async (rt: TestRuntime): Promise<number> => {
  let sent = 0;
  for (;;) {
    const { claims } = await claimDue(rt);
    if (claims.length === 0) return sent;
    for (const claim of claims) {
      const result = await sendClaim(rt, claim);
      await rt.store.write((tx) => settle(rt, tx, { claim, result }));
      sent += 1;
    }
  }
};

const listenAsAgent = (rt: TestRuntime, conversationId: string): Signal[] => {
  const signals: Signal[] = [];
  const onSignal = (signal: Signal) => signals.push(signal);
  rt.hub.listen(conversationId, { audience: 'agents', onEvents: () => {}, onSignal });
  return signals;
};

export const createWorld = async (): Promise<World> => {
  const scene = await createScene();
  const { rt } = scene;
  const { conversationId, identityId } = await scene.meet('24');
  rt.pass(rt.config.followDelayMs);
  const rows = (id = conversationId) =>
    rt.store.write((tx) => deliveryRows(tx).where('d.conversation_id', '=', id).execute());

  return {
    ...scene,
    conversationId,
    identityId,
    rows,
    signals: listenAsAgent(rt, conversationId),
    web: (visible, id = conversationId) => rt.presence.setVisible(id, 'ses', visible),
    say: async (text, id = conversationId) =>
      (await reply(rt, { conversationId: id, agentId: 'agt_a', text })).event.seq,
    readOnWeb: async (seq) => {
      const seen = { customer_read: seq };
      await rt.store.write((tx) =>
        tx.db.updateTable('conversations').set(seen).where('id', '=', conversationId).execute(),
      );
    },
    claim: async () => (await claimDue(rt)).claims,
    work: () => carryOutAll(rt),
    happen: async (event) => {
      await rt.store.write(async (tx) => {
        for (const row of await deliveryRows(tx).execute()) await applyEvent(rt, tx, { row, event });
      });
    },
    states: async (id) => (await rows(id)).map(({ seq, state }) => `${seq}:${state}`),
    close: rt.close,
  };
};
