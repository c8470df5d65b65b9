import type { ClientStorage } from './storage.ts';

/** Opening can hang for ever (Safari) or be forbidden (private modes, sandboxed frames). */
const PATIENCE_MS = 1000;

const open = (factory: IDBFactory | undefined) =>
  new Promise<IDBDatabase>((resolve, reject) => {
    if (!factory) return reject();
    const request = factory.open('continuo');
    request.onupgradeneeded = () => request.result.createObjectStore('values');
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });

/** Null where the time is over first. */
const within = async <T>(promise: Promise<T>): Promise<T | null> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

type Act = (store: IDBObjectStore) => IDBRequest[];

/** `run` runs one transaction: the results of its requests, null where IndexedDB failed or did not answer in time. */
const createConnection = (factory: IDBFactory | undefined) => {
  let database: Promise<IDBDatabase> | undefined;
  let isOpen = false;
  /** It hung once: nobody waits for it again before it answers. */
  let isHanging = false;

  const forget = () => {
    database = undefined;
    isOpen = false;
  };
  const connect = async () => {
    try {
      const opened = await open(factory);
      // Closed by the browser (Safari, when it comes back), or wanted by someone else.
      opened.onclose = forget;
      opened.onversionchange = () => {
        opened.close();
        forget();
      };
      isOpen = true;
      return opened;
    } catch (error) {
      forget();
      throw error;
    } finally {
      isHanging = false;
    }
  };
  const transact = (opened: IDBDatabase, mode: IDBTransactionMode, act: Act) =>
    new Promise<unknown[]>((resolve, reject) => {
      const transaction = opened.transaction('values', mode);
      const requests = act(transaction.objectStore('values'));
      // Left to commit by itself, a write is undone when the page goes before it hears that the request is done.
      if (mode === 'readwrite') transaction.commit?.();
      // A write is only safe when its transaction is complete.
      transaction.oncomplete = () => resolve(requests.map(({ result }) => result));
      transaction.onabort = reject;
    });

  return {
    run: async (mode: IDBTransactionMode, act: Act): Promise<unknown[] | null> => {
      if (isHanging) return null;
      database ??= connect();
      try {
        const results = await within(database.then((opened) => transact(opened, mode, act)));
        if (!results && !isOpen) isHanging = true;
        return results;
      } catch (error) {
        if (error instanceof DOMException && error.name === 'InvalidStateError') forget();
        return null;
      }
    },
    /** After all that was asked of it before. */
    close: () => {
      database?.then((opened) => opened.close()).catch(() => {});
      forget();
    },
  };
};

/** What a transaction found: keys, and their values in the same order. */
const pairs = ([keys, values]: unknown[]): [string, unknown][] =>
  Array.isArray(keys) && Array.isArray(values) ? keys.map((key, index) => [key, values[index]]) : [];

/** A storage that keeps values beyond the page as long as that is allowed, and for the page otherwise. */
export interface BrowserStorage extends ClientStorage {
  /**
   * Allows or forbids keeping anything beyond the page. Allowed, what the page has is written; forbidden, what it has lasts
   * as long as the page, and what was written stays until `deleteBrowserStorage`.
   */
  allow(isAllowed: boolean): Promise<void>;
}

/**
 * Keeps values in IndexedDB (database `continuo`), which can hold a key that cannot be read out. What IndexedDB does not
 * take within a second is kept in memory, so that a page without it, or one that loses it, works until it is closed.
 *
 * @param isAllowed - Whether anything may be kept beyond the page, until {@link BrowserStorage.allow} says otherwise.
 */
export const createIndexedDbStorage = (factory: IDBFactory | undefined, isAllowed = true): BrowserStorage => {
  const connection = createConnection(factory);
  const run: typeof connection.run = async (mode, act) => (isAllowed ? connection.run(mode, act) : null);
  /** What this page read and wrote. */
  const known = new Map<string, unknown>();
  /** Keys of which IndexedDB has not taken the newest value, or its absence. */
  const unsaved = new Set<string>();

  const write = async (key: string, act: Act) => {
    unsaved.add(key);
    const isTaken = await run('readwrite', act);
    unsaved[isTaken && isAllowed ? 'delete' : 'add'](key);
  };

  const storage: BrowserStorage = {
    get: async (key) => {
      const found = unsaved.has(key) ? null : await run('readonly', (store) => [store.get(key)]);
      if (found && !unsaved.has(key)) known.set(key, found[0]);
      return known.get(key);
    },
    list: async (prefix) => {
      const found = await run('readonly', (store) => {
        const range = IDBKeyRange.bound(prefix, `${prefix}~`);
        return [store.getAllKeys(range), store.getAll(range)];
      });
      const inPrefix = () => [...known.keys()].filter((key) => key.startsWith(prefix)).sort();
      if (found) {
        for (const key of inPrefix()) if (!unsaved.has(key)) known.delete(key);
        for (const [key, value] of pairs(found)) if (!unsaved.has(key)) known.set(key, value);
      }
      return inPrefix().map((key) => known.get(key));
    },
    add: async (key, value) => {
      if (await storage.get(key)) return known.get(key);
      known.set(key, value);
      // Fails where another tab was faster.
      await write(key, (store) => [store.add(value, key)]);
      const found = unsaved.has(key) ? await run('readonly', (store) => [store.get(key)]) : null;
      if (found?.[0]) {
        unsaved.delete(key);
        known.set(key, found[0]);
      }
      return known.get(key);
    },
    set: (key, value) => {
      known.set(key, value);
      return write(key, (store) => [store.put(value, key)]);
    },
    delete: (key) => {
      known.delete(key);
      return write(key, (store) => [store.delete(key)]);
    },
    isKept: (key) => !unsaved.has(key),
    close: connection.close,
    allow: async (allowed) => {
      isAllowed = allowed;
      const save = (key: string) => (known.has(key) ? storage.set(key, known.get(key)) : storage.delete(key));
      if (isAllowed) return void (await Promise.all([...unsaved].map(save)));
      for (const key of known.keys()) unsaved.add(key);
      connection.close();
    },
  };
  return storage;
};
