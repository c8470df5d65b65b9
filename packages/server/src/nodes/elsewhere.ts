import type { InboxSignal, Signal } from '@continuo/protocol';
import type { Audience, ConnectedAgent } from '../live/hub.ts';
import type { Bus } from './bus.ts';
import type { NodeMessage } from './messages.ts';
import type { Peers } from './peers.ts';

/** The other nodes, as this one speaks to them, and what is known of who is connected there. */
export interface Elsewhere {
  signal(conversationId: string, signal: Signal, audience: Audience): void;
  signalInbox(workspaceId: string, signal: InboxSignal): void;
  sessionEnded(sessionId: string): void;
  /** An agent's first inbox connected here, or their last one left. */
  agentConnected(agent: ConnectedAgent, connected: boolean): void;
  /** An agent chose to be online or away. */
  agentChanged(agentId: string): void;
  /** Rows of the inbox changed. */
  announce(conversationIds: readonly string[]): void;
  /** Somebody left a workspace's queue, or came into it. */
  queueMoved(workspaceId: string): void;
  /** A customer is on the web here, or no longer. */
  present(conversationId: string, web: boolean): void;
  /** A session's page became visible or hidden: its stream may be on any node. */
  visible(session: { conversationId: string; sessionId: string; visible: boolean }): void;
  connectedAgents(workspaceId: string): ReadonlySet<string>;
  isWeb(conversationId: string): boolean;
}

/** Ids in one message: even at their longest (64 characters) below what a message of the bus may hold. */
export const IDS = 100;

const NOBODY: ReadonlySet<string> = new Set();

/** There are no other nodes. */
export const createNobodyElse = (): Elsewhere => ({
  signal() {},
  signalInbox() {},
  sessionEnded() {},
  agentConnected() {},
  agentChanged() {},
  announce() {},
  queueMoved() {},
  present() {},
  visible() {},
  connectedAgents: () => NOBODY,
  isWeb: () => false,
});

/**
 * What is said of a signal. Names, pictures and errors stay here: who has readers for them reads the rows. Null: every
 * node finds it out by itself.
 */
const toMessage = (conversationId: string, signal: Signal): NodeMessage | null => {
  switch (signal.type) {
    case 'typing':
      return { type: 'typing', conversationId, agentId: signal.agent?.id ?? null, on: signal.on };
    case 'positions':
      return { type: 'positions', conversationId, positions: signal.positions };
    case 'assignee':
      return { type: 'assignee', conversationId };
    case 'delivery':
      return { type: 'delivery', conversationId, deliveryId: signal.delivery.id };
    default:
      return null;
  }
};

/** The other nodes by way of the bus. Nothing is sent while none is known. */
export const createElsewhere = (bus: Bus, peers: Peers): Elsewhere => {
  const send = (message: NodeMessage | null): void => {
    if (message && peers.size > 0) bus.send({ ...message });
  };
  return {
    signal: (conversationId, signal) => send(toMessage(conversationId, signal)),
    signalInbox(workspaceId, signal) {
      if (signal.type !== 'typing') return;
      const { conversationId, from, agentId, on } = signal;
      send({ type: 'inbox-typing', workspaceId, conversationId, from, agentId, on });
    },
    sessionEnded: (sessionId) => send({ type: 'session-ended', sessionId }),
    agentConnected: (agent, connected) => send({ type: 'agent-connected', ...agent, connected }),
    agentChanged: (agentId) => send({ type: 'agent-changed', agentId }),
    announce(ids) {
      for (let from = 0; from < ids.length; from += IDS)
        send({ type: 'announce', conversationIds: ids.slice(from, from + IDS) });
    },
    queueMoved: (workspaceId) => send({ type: 'queue', workspaceId }),
    present: (conversationId, web) => send({ type: 'present', conversationId, web }),
    visible: (session) => send({ type: 'visible', ...session }),
    connectedAgents: (workspaceId) => peers.connectedAgents(workspaceId),
    isWeb: (conversationId) => peers.isWeb(conversationId),
  };
};
