import type { CustomerPresence } from '@continuo/protocol';
import type { Hub } from './hub.ts';

/** One live reader of a customer's session. */
export interface PresenceStream {
  /** The session's page became visible or hidden. */
  visible(isVisible: boolean): void;
  /** The reader is gone. */
  leave(): void;
}

/**
 * Where customers are now. A customer is `web` while a live reader of theirs is connected, to whichever node, and its
 * page was last said to be visible.
 */
export interface Presence {
  /** A live reader connected; `streamId` is its session's id. A page is visible until it says otherwise. */
  enter(conversationId: string, streamId: string): PresenceStream;
  setVisible(conversationId: string, sessionId: string, visible: boolean): void;
  of(conversationId: string): CustomerPresence;
  /** When the customer was last `web` (epoch ms): now while they are; null when it is not known, or long ago. */
  lastWebAt(conversationId: string): number | null;
  /** Another node told that a session's page became visible or hidden. */
  noteVisible(conversationId: string, sessionId: string, visible: boolean): void;
  /** A session's page was hidden before this node began: it is when it connects here, too. */
  noteHidden(sessionId: string): void;
  /** Something has changed on the other nodes. */
  review(conversationId: string): void;
  /** What this node has to tell of: conversations whose customers are on the web here, and sessions last said to be hidden. */
  here(): { web: string[]; hidden: string[] };
}

export interface PresenceDeps {
  hub: Hub;
  /** Epoch milliseconds. */
  now: () => number;
  /** Told after agents on the conversation's own streams were. */
  onChange: (conversationId: string, presence: CustomerPresence) => void;
}

/** Milliseconds for which a reader that left still counts: the time between two long-polls, or of one reconnect. */
const GRACE = 3000;

/** Entries of people who left that are remembered; beyond it the oldest is forgotten, so that memory is bounded. */
const REMEMBERED = 10_000;

/** A map that forgets its oldest entries. */
const createMemory = <T>() => {
  const entries = new Map<string, T>();
  return {
    get: (key: string): T | undefined => entries.get(key),
    has: (key: string): boolean => entries.has(key),
    delete: (key: string): boolean => entries.delete(key),
    keys: (): string[] => [...entries.keys()],
    set(key: string, value: T): void {
      entries.delete(key);
      entries.set(key, value);
      const oldest = entries.size > REMEMBERED ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
};

/** Readers of this node, and which sessions' pages are hidden. */
const createReaders = () => {
  /** Readers connected, by conversation and session. */
  const readers = new Map<string, Map<string, number>>();
  /** Sessions whose last word was "hidden": kept over reconnects, because a hidden page reconnects too. */
  const hidden = createMemory<true>();

  return {
    hidden: () => hidden.keys(),
    isWeb(conversationId: string): boolean {
      const sessions = readers.get(conversationId);
      return sessions !== undefined && [...sessions.keys()].some((sessionId) => !hidden.has(sessionId));
    },
    setVisible(sessionId: string, visible: boolean): void {
      if (visible) hidden.delete(sessionId);
      else hidden.set(sessionId, true);
    },
    change(conversationId: string, sessionId: string, by: 1 | -1): void {
      const sessions = readers.get(conversationId) ?? new Map<string, number>();
      const count = (sessions.get(sessionId) ?? 0) + by;
      if (count > 0) sessions.set(sessionId, count);
      else sessions.delete(sessionId);
      if (sessions.size > 0) readers.set(conversationId, sessions);
      else readers.delete(conversationId);
    },
  };
};

/** Adds to a set or takes away. @returns whether that changed something */
const put = (set: Set<string>, key: string, isIn: boolean): boolean => {
  if (set.has(key) === isIn) return false;
  if (isIn) set.add(key);
  else set.delete(key);
  return true;
};

/**
 * Tracks who is on the web, from live readers and what their pages say of being visible. Each node tells the others of
 * its own readers, and tells its own agents of everyone.
 */
export const createPresence = ({ hub, now, onChange }: PresenceDeps): Presence => {
  const { elsewhere } = hub;
  const readers = createReaders();
  const lastWeb = createMemory<number>();
  /** On the web by a reader of this node. */
  const here = new Set<string>();
  /** On the web by a reader of any node, as agents were told. */
  const told = new Set<string>();

  const update = (conversationId: string): void => {
    const isHere = readers.isWeb(conversationId);
    if (put(here, conversationId, isHere)) elsewhere.present(conversationId, isHere);
    const isWeb = isHere || elsewhere.isWeb(conversationId);
    if (!put(told, conversationId, isWeb)) return;
    if (!isWeb) lastWeb.set(conversationId, now());
    const presence = isWeb ? 'web' : 'away';
    hub.here.signal(conversationId, { type: 'customer', presence }, 'agents');
    onChange(conversationId, presence);
  };

  const change = (conversationId: string, sessionId: string, by: 1 | -1): void => {
    readers.change(conversationId, sessionId, by);
    update(conversationId);
  };

  const noteVisible: Presence['noteVisible'] = (conversationId, sessionId, visible) => {
    readers.setVisible(sessionId, visible);
    update(conversationId);
  };

  const setVisible: Presence['setVisible'] = (conversationId, sessionId, visible) => {
    elsewhere.visible({ conversationId, sessionId, visible });
    noteVisible(conversationId, sessionId, visible);
  };

  return {
    enter(conversationId, streamId) {
      change(conversationId, streamId, 1);
      let left = false;
      return {
        visible: (isVisible) => setVisible(conversationId, streamId, isVisible),
        leave() {
          // At the end of the server nobody is left to be told, and the store is about to close.
          if (left || hub.streams.draining) return;
          left = true;
          setTimeout(() => change(conversationId, streamId, -1), GRACE).unref();
        },
      };
    },
    setVisible,
    noteVisible,
    noteHidden: (sessionId) => readers.setVisible(sessionId, false),
    review: update,
    here: () => ({ web: [...here], hidden: readers.hidden() }),
    of: (conversationId) => (told.has(conversationId) ? 'web' : 'away'),
    lastWebAt: (conversationId) => (told.has(conversationId) ? now() : (lastWeb.get(conversationId) ?? null)),
  };
};
