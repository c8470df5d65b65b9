import { type BrowserStorage, createIndexedDbStorage } from './indexed-db.ts';
import { type ClientStorage, createMemoryStorage } from './storage.ts';
import { createBrowserTabs, type Tabs } from './tabs.ts';

/** News of the page that a client runs in. `online`: the network is back. `sleep`: the page is put away. */
export type PageNews = 'online' | 'visible' | 'hidden' | 'offline' | 'sleep';

/** The page that a client runs in. Where there is none, it is always visible and never has news. */
export interface Page {
  isVisible(): boolean;
  /** Returns how to stop listening. */
  listen(hear: (news: PageNews) => void): () => void;
}

/** The outside world of a client. Each part can be given to {@link createClient}; the rest is detected. */
export interface Environment {
  fetch: typeof globalThis.fetch;
  /** WebCrypto, for the device's key (ES256) and for ids. */
  crypto: Pick<Crypto, 'subtle' | 'getRandomValues'>;
  storage: ClientStorage;
  page: Page;
  /** Other tabs of the same site. Without it each has a live stream of its own and sends what it knows of. */
  tabs?: Tabs | undefined;
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 up to 1, for jitter. */
  random(): number;
}

const visibility = () => (document.hidden ? 'hidden' : 'visible');

/** All of them reach `window`. A page that comes back from the back-forward cache says `pageshow`. */
const EVENTS: Record<string, () => PageNews> = {
  online: () => 'online',
  offline: () => 'offline',
  visibilitychange: visibility,
  pageshow: visibility,
  pagehide: () => 'sleep',
  // WebKit drops what is stored when the page is put away. A page that asks its visitor to stay goes on after this.
  beforeunload: () => 'hidden',
};

const browserPage: Page = {
  isVisible: () => !document.hidden,
  listen(hear) {
    const stops = Object.entries(EVENTS).map(([type, news]) => {
      const listener = () => hear(news());
      addEventListener(type, listener);
      return () => removeEventListener(type, listener);
    });
    return () => {
      for (const stop of stops) stop();
    };
  },
};

const noPage: Page = { isVisible: () => true, listen: () => () => {} };

/** Some browsers throw where storage is forbidden, others have none. */
const findIndexedDb = (): IDBFactory | undefined => {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
};

/**
 * What a browser keeps for a client: IndexedDB, and memory where that fails or is not allowed.
 *
 * @param isAllowed - Whether anything may be kept beyond the page, until the storage's `allow` says otherwise.
 */
export const createBrowserStorage = (isAllowed = true): BrowserStorage =>
  createIndexedDbStorage(findIndexedDb(), isAllowed);

/**
 * What this platform has: IndexedDB or else memory, the page's news or else none. The only place that touches a
 * browser's globals, and only when it is called.
 */
export const defaultEnvironment = (): Environment => {
  // Node has locks and channels, too, but its programs are not each other's tabs.
  const isPage = typeof document !== 'undefined';
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    crypto: globalThis.crypto,
    storage: isPage || findIndexedDb() ? createBrowserStorage() : createMemoryStorage(),
    page: isPage ? browserPage : noPage,
    tabs: isPage ? createBrowserTabs(navigator.locks, globalThis.BroadcastChannel) : undefined,
    now: Date.now,
    random: Math.random,
  };
};
