import type { AgentProfile, Attachment, Positions, Signal } from '@continuo/protocol';
import type { ReadableAtom } from 'nanostores';
import type { Api } from '../api/api.ts';
import type { Environment } from '../environment/environment.ts';
import type { PublicConnection } from '../live/connection.ts';
import type { SendExtras } from '../outbox/outbox.ts';
import type { Listen } from './emitter.ts';
import type { TimelineItem } from './timeline.ts';

/** Whose view of the conversation this is. */
export type Side = 'customer' | 'agent';

export type TypingSignal = Extract<Signal, { type: 'typing' }>;

/** What `GET <path>` gives: the protocol's `Conversation` or `InboxConversation`, or as much of it as is needed here. */
export interface ConversationView {
  positions: Positions;
  /** The last event's seq. */
  head?: number;
  visibleAfter?: number;
  assignee?: AgentProfile | null;
  summary?: { assignee: AgentProfile | null };
}

/** What {@link createConversation} needs. */
export interface ConversationOptions {
  api: Api;
  /** Whose view it is: who counts as "the other side". */
  self: Side;
  /** Where the conversation is: `/v1/inbox/conversations/<id>`. A client learns it later, with `connect(path)`. */
  path?: string;
  /** Under which key unsent messages and the draft are kept, and tabs find each other. @default path */
  storageKey?: string;
  /** @default defaultEnvironment() */
  environment?: Partial<Environment>;
  /** Awaited before each message is sent; sees to it that there is a path. */
  prepare?(): Promise<void>;
  /** The server will not let this side read on: its session or its access ended. */
  onEnded?(): void;
}

/** What is known of one conversation. */
export interface ConversationStores<View> {
  readonly $connection: ReadableAtom<PublicConnection>;
  /** What `GET <path>` gave last; read again whenever the case or the assignee changes. Null until then. */
  readonly $view: ReadableAtom<View | null>;
  /** Events in the order of the log, then the messages that are not in it yet, in the order written. */
  readonly $messages: ReadableAtom<readonly TimelineItem[]>;
  /** Whether `loadEarlier` would find more. */
  readonly $hasEarlier: ReadableAtom<boolean>;
  readonly $agent: ReadableAtom<AgentProfile | null>;
  /** Who is typing; over after 6 s, or with their message. A customer hears of agents only. */
  readonly $typing: ReadableAtom<TypingSignal | null>;
  readonly $positions: ReadableAtom<Positions>;
  /** Known messages of the other side after this side's read position. */
  readonly $unread: ReadableAtom<number>;
  /** What is being written and not sent: kept over a reload, and the same in all tabs. */
  readonly $draft: ReadableAtom<string>;
}

/** One conversation: its log, what is not sent yet, and who does what there now. */
export interface ConversationHandle<View extends ConversationView> extends ConversationStores<View> {
  /** Connects, and stays connected until `disconnect`. Another path shows another conversation; what is unsent goes there. */
  connect(path?: string): void;
  disconnect(): void;
  /** Takes in the messages that an earlier page left unsent, and the draft. */
  restore(): Promise<void>;
  /**
   * Takes a message in and sends it when it can; its client id.
   * @param attachments - What `uploadFile` gave, at most 10; the text may then be empty.
   * @param extras - What it answers, or shows below its text.
   * @throws ContinuoError `bad_request` when it is blank, `rate_limited` when 500 are unsent already, `destroyed`.
   */
  send(text: string, attachments?: readonly Attachment[], extras?: SendExtras | null): string;
  /** To be called with what the person writes, as it is now: it becomes `$draft`. The empty text forgets it. */
  setDraft(text: string): void;
  /** Sends a failed message again. */
  retry(clientId: string): void;
  /** Deletes a message that is not on its way. */
  discard(clientId: string): void;
  /** To be called at each keystroke. */
  typing(): void;
  /** Everything known was seen: call it when the messages themselves are in view. Counts only while visible. */
  markRead(): void;
  /**
   * Whether the person is where they notice a new message, as far as the UI knows: a launcher with a badge will do. While
   * they are, replies wait for them here and do not follow to a network. A hidden page is never visible. @default true
   */
  setVisible(isVisible: boolean): void;
  /** Reads the page before the first known event. Resolves with whether there is more. */
  loadEarlier(): Promise<boolean>;
  /** Reads `$view` again. */
  refresh(): Promise<void>;
  on: Listen;
  /** A request was answered `version_unsupported`: this page is too old and must be reloaded. */
  outdate(): void;
  /**
   * Empties everything, also what is unsent and the draft. Resolves when the storage has forgotten it.
   *
   * @param isStorageKept - The storage is left as it is: another tab has emptied it. @default false
   */
  reset(isStorageKept?: boolean): Promise<void>;
  /** Stops every timer, listener and request. Nothing can be called after. */
  destroy(): void;
}
