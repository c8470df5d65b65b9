import type { ConversationEvent, InboxSignal, Signal } from '@continuo/protocol';
import type { Elsewhere } from '../nodes/elsewhere.ts';
import type { Streams } from './streams.ts';

/** Who hears a signal of a conversation. */
export type Audience = 'all' | 'agents' | 'customer';

/** A live reader of one conversation. */
export interface ConversationListener {
  audience: 'agents' | 'customer';
  /** New events were committed; `events` are dense from the last ones told. */
  onEvents(events: readonly ConversationEvent[]): void;
  /** The log reaches to this seq: who has less reads the rows. @returns whether this reader has less */
  onHead?(head: number): boolean;
  onSignal(signal: Signal): void;
}

/** A live reader of one workspace's inbox. */
export interface InboxListener {
  agentId: string;
  onSignal(signal: InboxSignal): void;
}

/** An agent with an open inbox. */
export interface ConnectedAgent {
  workspaceId: string;
  agentId: string;
}

/** Those who are connected to this node. */
export interface Here {
  /** To this node's readers alone: of what every node finds out by itself, or another node told. */
  signal(conversationId: string, signal: Signal, audience: Audience): void;
  signalInbox(workspaceId: string, signal: InboxSignal): void;
  /** Ends what is open on this session, because another node ended it. */
  endSession(sessionId: string): void;
  /** Whether someone reads this conversation now. */
  hasReaders(conversationId: string): boolean;
  /** Whether an inbox is open. */
  hasInboxes(): boolean;
  connectedAgents(): readonly ConnectedAgent[];
}

/**
 * News: who listens to what. It holds nothing; the log is the truth, and a reader that was told of an event reads the
 * rows if it has missed some. A listener that throws never disturbs the others. Signals reach the readers of every node;
 * events those of this one, because each node hears from the database what the others committed.
 */
export interface Hub {
  /** Every open stream of this process: heartbeat and drain. */
  readonly streams: Streams;
  readonly here: Here;
  /** The other nodes. */
  readonly elsewhere: Elsewhere;
  publishEvents(conversationId: string, events: readonly ConversationEvent[]): void;
  /** Tells this node's readers how far a log reaches. @returns how many of them had less */
  tellHead(conversationId: string, head: number): number;
  signal(conversationId: string, signal: Signal, audience: Audience): void;
  /** A `conversation` or an `agent` is told to this node's inboxes alone: each node says it in its own words. */
  signalInbox(workspaceId: string, signal: InboxSignal): void;
  /** A session of a device or an agent has ended: what is open on it is closed, on every node. */
  endSession(sessionId: string): void;
  /** Returns how to stop listening. */
  listen(conversationId: string, listener: ConversationListener): () => void;
  listenInbox(workspaceId: string, listener: InboxListener): () => void;
  /** Calls back for each session that ends. Returns how to stop listening. */
  listenSessions(onEnd: (sessionId: string) => void): () => void;
  /** Every conversation that someone reads on this node now. */
  watched(): readonly string[];
  /** Every agent with an open inbox stream in this workspace, on any node. */
  connectedAgents(workspaceId: string): ReadonlySet<string>;
}
