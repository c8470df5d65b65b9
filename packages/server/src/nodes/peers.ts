import type { ConnectedAgent } from '../live/hub.ts';

/** Seconds between two signs of life of a node. */
export const ALIVE_SECONDS = 5;
/**
 * Signs of life that may be missing, before a node is taken for dead: two, because one may be late on a busy machine.
 * Those who were connected to it notice at once, and come back elsewhere meanwhile.
 */
const MISSED_SIGNS = 3;
/** Signs after which a node that said goodbye is forgotten: its readers come back within 20 s. The first sign may be due at once. */
const LEAVING_SIGNS = 6;
/** The same for its agents, who come back within 2 s. */
const LEAVING_AGENT_SIGNS = 2;

/** Who is connected to a node. */
export interface Claims {
  /** Conversations whose customers are on the web. */
  web: readonly string[];
  agents: readonly ConnectedAgent[];
}

export interface PeersListener {
  /** Whether a customer is on the web somewhere else has changed. */
  onWeb(conversationId: string): void;
  /** Whether an agent is connected somewhere else has changed. */
  onAgent(agent: ConnectedAgent): void;
}

/**
 * The other nodes and who is connected to them, as far as they told. What it holds is bounded by the streams that are
 * open on them; of a node that leaves or falls silent it is forgotten.
 */
export interface Peers {
  /** How many other nodes are known. */
  readonly size: number;
  isWeb(conversationId: string): boolean;
  connectedAgents(workspaceId: string): ReadonlySet<string>;
  /** A sign of life. @returns whether the node is new */
  heard(nodeId: string): boolean;
  setWeb(nodeId: string, conversationId: string, web: boolean): void;
  setAgent(nodeId: string, agent: ConnectedAgent, connected: boolean): void;
  /** A part of everything that is connected to a node; with the last part, what it claimed before is replaced. */
  take(nodeId: string, part: Claims, last: boolean): void;
  /** It said goodbye: those who were connected are on their way to other nodes, and count for a while. */
  leave(nodeId: string): void;
  /** To be called every `ALIVE_SECONDS`: counts missing signs, and forgets. */
  tick(): void;
  listen(listener: PeersListener): void;
}

interface Peer {
  missed: number;
  /** Ticks since it said goodbye; null: it did not. */
  left: number | null;
  web: Set<string>;
  agents: Map<string, ConnectedAgent>;
  /** Parts of a state that has not come to its end. */
  coming: { web: Set<string>; agents: Map<string, ConnectedAgent> } | null;
}

const NOBODY: ReadonlySet<string> = new Set();

const keyOf = ({ workspaceId, agentId }: ConnectedAgent): string => `${workspaceId} ${agentId}`;

const createPeer = (): Peer => ({
  missed: 0,
  left: null,
  web: new Set(),
  agents: new Map(),
  coming: null,
});

/** How many nodes claim each thing; calls back when the first begins and the last ends to. */
const createTally = (onChange: (key: string) => void) => {
  const counts = new Map<string, number>();
  return {
    has: (key: string): boolean => counts.has(key),
    add(key: string, by: 1 | -1): void {
      const before = counts.get(key) ?? 0;
      const after = before + by;
      if (after > 0) counts.set(key, after);
      else counts.delete(key);
      if (before === 0 || after === 0) onChange(key);
    },
  };
};

/** What all other nodes together claim. */
const createUnion = (listeners: ReadonlySet<PeersListener>) => {
  const agentsOf = new Map<string, Set<string>>();
  const web = createTally((conversationId) => {
    for (const { onWeb } of listeners) onWeb(conversationId);
  });
  const agents = createTally((key) => {
    const [workspaceId = '', agentId = ''] = key.split(' ');
    const known = agentsOf.get(workspaceId) ?? new Set();
    if (agents.has(key)) known.add(agentId);
    else known.delete(agentId);
    if (known.size > 0) agentsOf.set(workspaceId, known);
    else agentsOf.delete(workspaceId);
    for (const { onAgent } of listeners) onAgent({ workspaceId, agentId });
  });
  return { web, agents, agentsOf };
};

/** Puts what one node claims into the union. */
const createClaims = ({ web, agents }: Pick<ReturnType<typeof createUnion>, 'web' | 'agents'>) => {
  const claimWeb = (peer: Peer, conversationId: string, isWeb: boolean): void => {
    if (isWeb) peer.coming?.web.add(conversationId);
    else peer.coming?.web.delete(conversationId);
    if (peer.web.has(conversationId) === isWeb) return;
    if (isWeb) peer.web.add(conversationId);
    else peer.web.delete(conversationId);
    web.add(conversationId, isWeb ? 1 : -1);
  };

  const claimAgent = (peer: Peer, agent: ConnectedAgent, connected: boolean): void => {
    const key = keyOf(agent);
    if (connected) peer.coming?.agents.set(key, agent);
    else peer.coming?.agents.delete(key);
    if (peer.agents.has(key) === connected) return;
    if (connected) peer.agents.set(key, agent);
    else peer.agents.delete(key);
    agents.add(key, connected ? 1 : -1);
  };

  /** What is new is taken before what is over is dropped: nobody is away in between. */
  const replace = (peer: Peer, now: Pick<Peer, 'web' | 'agents'>): void => {
    for (const id of now.web) claimWeb(peer, id, true);
    for (const agent of now.agents.values()) claimAgent(peer, agent, true);
    for (const id of peer.web) if (!now.web.has(id)) claimWeb(peer, id, false);
    for (const [key, agent] of peer.agents) if (!now.agents.has(key)) claimAgent(peer, agent, false);
  };

  return { claimWeb, claimAgent, replace };
};

/** Who is connected to other nodes, kept by what they say. Its clock is `tick`: a node that stood still misses nothing. */
export const createPeers = (): Peers => {
  const peers = new Map<string, Peer>();
  const listeners = new Set<PeersListener>();
  const union = createUnion(listeners);
  const { claimWeb, claimAgent, replace } = createClaims(union);

  const peerOf = (nodeId: string): Peer => {
    const peer = peers.get(nodeId) ?? createPeer();
    peers.set(nodeId, peer);
    return peer;
  };

  const forget = (nodeId: string, peer: Peer): void => {
    replace(peer, { web: new Set(), agents: new Map() });
    peers.delete(nodeId);
  };

  const age = (nodeId: string, peer: Peer): void => {
    if (peer.left === null) {
      peer.missed += 1;
      if (peer.missed >= MISSED_SIGNS) forget(nodeId, peer);
      return;
    }
    peer.left += 1;
    if (peer.left >= LEAVING_AGENT_SIGNS) replace(peer, { web: peer.web, agents: new Map() });
    if (peer.left >= LEAVING_SIGNS) forget(nodeId, peer);
  };

  return {
    get size() {
      return peers.size;
    },
    isWeb: (conversationId) => union.web.has(conversationId),
    connectedAgents: (workspaceId) => union.agentsOf.get(workspaceId) ?? NOBODY,
    heard(nodeId) {
      const isNew = !peers.has(nodeId);
      peerOf(nodeId).missed = 0;
      return isNew;
    },
    setWeb(nodeId, conversationId, isWeb) {
      claimWeb(peerOf(nodeId), conversationId, isWeb);
    },
    setAgent(nodeId, agent, connected) {
      claimAgent(peerOf(nodeId), agent, connected);
    },
    take(nodeId, part, last) {
      const peer = peerOf(nodeId);
      const coming = peer.coming ?? { web: new Set(), agents: new Map() };
      for (const id of part.web) coming.web.add(id);
      for (const agent of part.agents) coming.agents.set(keyOf(agent), agent);
      peer.coming = last ? null : coming;
      if (last) replace(peer, coming);
    },
    leave(nodeId) {
      const peer = peers.get(nodeId);
      if (peer) peer.left ??= 0;
    },
    tick() {
      for (const [nodeId, peer] of peers) age(nodeId, peer);
    },
    listen: (listener) => void listeners.add(listener),
  };
};
