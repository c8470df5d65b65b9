import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { ENGINES, type Engine } from '../testing/engines.ts';
import { seedConversations } from '../testing/fixtures.ts';

let engine: Engine;
let store: Store;
beforeEach(async () => {
  const create = ENGINES.SQLite;
  if (!create) throw new Error('the embedded engine is missing');
  engine = await create();
  store = await engine.open(() => {});
  await seedConversations(store, ['cnv_a']);
});
afterEach(async () => {
  await store.close();
  await engine.clear();
});

const unread = async (): Promise<number | undefined> =>
  (await store.db.selectFrom('conversations').select('unread').executeTakeFirst())?.unread;

/** A unit that sets `unread` and stays open until it is told how to end. */
const openUnit = (value: number) => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const done = store.write(async ({ db }) => {
    await db.updateTable('conversations').set({ unread: value }).execute();
    begun.resolve();
    await end.promise;
  });
  return { begun: begun.promise, end, done };
};

test('a query outside a write sees nothing of a unit that is under way, and all of it afterwards', async () => {
  const unit = openUnit(7);
  await unit.begun;
  expect(await unread()).toBe(0);
  unit.end.resolve();
  await unit.done;
  expect(await unread()).toBe(7);
});

test('nor of one that is undone, then or later', async () => {
  const unit = openUnit(7);
  await unit.begun;
  expect(await unread()).toBe(0);
  unit.end.reject(new Error('no'));
  await expect(unit.done).rejects.toThrow('no');
  expect(await unread()).toBe(0);
});

test('a query outside a write can change nothing, in whatever words it is said', async () => {
  await expect(store.db.updateTable('conversations').set({ unread: 9 }).execute()).rejects.toThrow(
    'readonly',
  );
  const hidden = store.db
    .with('changed', (db) => db.updateTable('conversations').set({ unread: 9 }).returning('id'))
    .selectFrom('changed')
    .selectAll();
  await expect(hidden.execute()).rejects.toThrow();
  expect(await unread()).toBe(0);
});
