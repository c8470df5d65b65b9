import { IDBDatabase, IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deleteBrowserStorage } from './delete-storage.ts';
import { createIndexedDbStorage } from './indexed-db.ts';

beforeEach(() => {
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const factories = {
  'is missing': undefined,
  'never opens': { open: () => ({}) },
  'is forbidden': {
    open: () => {
      throw new DOMException('', 'SecurityError');
    },
  },
  'fails to open': {
    open: () => {
      const request = { onerror: () => {} };
      queueMicrotask(() => request.onerror());
      return request;
    },
  },
};

test.each(Object.entries(factories))('where IndexedDB %s, values are kept in memory', async (_, factory) => {
  vi.useFakeTimers();
  const storage = createIndexedDbStorage(
    factory && ({ databases: vi.fn(), cmp: vi.fn(), deleteDatabase: vi.fn(), ...factory } as never),
  );
  const start = Date.now();
  const within = async <T>(promise: Promise<T>) => {
    await vi.advanceTimersByTimeAsync(1000);
    return promise;
  };
  await within(storage.set('a/2', 2));
  expect(await storage.add('a/1', 1)).toBe(1);
  expect(await storage.add('a/1', 'other')).toBe(1);
  expect(await storage.list('a/')).toEqual([1, 2]);
  await storage.delete('a/1');
  expect(await storage.get('a/1')).toBeUndefined();
  expect(await storage.get('a/2')).toBe(2);
  expect(storage.isKept?.('a/2')).toBe(false);
  // It is waited for once, not at each step.
  expect(Date.now() - start).toBe(1000);
});

test('two tabs read what the other wrote, and the first to add wins', async () => {
  const factory = new IDBFactory();
  const [one, other] = [createIndexedDbStorage(factory), createIndexedDbStorage(factory)];
  await one.set('a/2', 2);
  await other.set('a/1', 1);
  await one.set('b/1', 3);
  expect(await one.list('a/')).toEqual([1, 2]);
  expect(await Promise.all([one.add('key', 'one'), other.add('key', 'other')])).toEqual(['one', 'one']);
  await other.delete('a/2');
  expect(await one.list('a/')).toEqual([1]);
  expect(await one.get('a/2')).toBeUndefined();
  expect(one.isKept?.('a/2')).toBe(true);
});

test('where IndexedDB is lost on the way, what was read and written is still there', async () => {
  const factory = new IDBFactory();
  const storage = createIndexedDbStorage(factory);
  await createIndexedDbStorage(factory).set('a/0', 'of an earlier page');
  await storage.set('a/1', 1);
  expect(await storage.list('a/')).toEqual(['of an earlier page', 1]);
  const opening = vi.spyOn(factory, 'open').mockImplementation(() => {
    throw new DOMException('', 'SecurityError');
  });
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('', 'InvalidStateError');
  });
  await storage.set('a/2', 2);
  await storage.delete('a/1');
  expect(await storage.list('a/')).toEqual(['of an earlier page', 2]);
  expect([storage.isKept?.('a/0'), storage.isKept?.('a/2')]).toEqual([true, false]);
  opening.mockRestore();
  transaction.mockRestore();
  // It is back: what it did not take is not forgotten.
  expect(await storage.list('a/')).toEqual(['of an earlier page', 2]);
  await storage.set('a/2', 'two');
  expect(storage.isKept?.('a/2')).toBe(true);
  expect(await createIndexedDbStorage(factory).list('a/')).toEqual(['of an earlier page', 1, 'two']);
});

test('as long as it is not allowed nothing is kept beyond the page, then all, then nothing again', async () => {
  const factory = new IDBFactory();
  const names = async () => (await factory.databases()).map(({ name }) => name);
  const storage = createIndexedDbStorage(factory, false);
  await storage.set('a/1', 1);
  await storage.set('a/2', 2);
  await storage.delete('a/2');
  expect([await storage.list('a/'), await names()]).toEqual([[1], []]);
  expect(storage.isKept?.('a/1')).toBe(false);

  await storage.allow(true);
  expect(storage.isKept?.('a/1')).toBe(true);
  const other = createIndexedDbStorage(factory);
  expect(await other.list('a/')).toEqual([1]);

  await storage.allow(false);
  await deleteBrowserStorage(factory);
  expect([await storage.list('a/'), await names()]).toEqual([[1], []]);
  expect(storage.isKept?.('a/1')).toBe(false);
  await storage.set('a/3', 3);
  expect(await names()).toEqual([]);
});

test('an earlier page’s values are there once they may be read', async () => {
  const factory = new IDBFactory();
  await createIndexedDbStorage(factory).set('device', 'earlier');
  const storage = createIndexedDbStorage(factory, false);
  expect(await storage.get('device')).toBeUndefined();
  await storage.allow(true);
  expect(await storage.get('device')).toBe('earlier');
});

test('closed, it has written what it was asked to, holds nothing open, and opens again', async () => {
  const factory = new IDBFactory();
  const storage = createIndexedDbStorage(factory);
  const close = vi.spyOn(IDBDatabase.prototype, 'close');
  const written = storage.set('a/1', 1);
  storage.close?.();
  await written;
  expect(close).toHaveBeenCalledTimes(1);
  expect(await createIndexedDbStorage(factory).get('a/1')).toBe(1);
  expect(await storage.get('a/1')).toBe(1);
  close.mockRestore();
});
