import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Params, prepared } from '../prepared.ts';
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

const findUnread = prepared((db, p: Params<{ id: string }>) =>
  db.selectFrom('conversations').select('unread').where('id', '=', p('id')),
);
const setUnread = prepared((db, p: Params<{ unread: number }>) =>
  db.updateTable('conversations').set({ unread: p('unread') }),
);
const unread = async (): Promise<number | undefined> =>
  (await findUnread(store.db, { id: 'cnv_a' }))[0]?.unread;

/** A unit that sets `unread` and stays open until it is told how to end. */
const openUnit = (value: number) => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const done = store.write(async ({ db }) => {
    await setUnread(db, { unread: value });
    expect(await findUnread(db, { id: 'cnv_a' })).toEqual([{ unread: value }]);
    begun.resolve();
    await end.promise;
  });
  return { begun: begun.promise, end, done };
};

test('a prepared query outside sees nothing of a unit that is under way, and all of it afterwards', async () => {
  expect(await unread()).toBe(0);
  const unit = openUnit(7);
  await unit.begun;
  expect(await unread()).toBe(0);
  unit.end.resolve();
  await unit.done;
  expect(await unread()).toBe(7);
});

test('nor of one that is undone', async () => {
  const unit = openUnit(7);
  await unit.begun;
  expect(await unread()).toBe(0);
  unit.end.reject(new Error('no'));
  await expect(unit.done).rejects.toThrow('no');
  expect(await unread()).toBe(0);
});

test('outside a write nothing can be changed', async () => {
  await expect(setUnread(store.db, { unread: 9 })).rejects.toThrow('readonly');
  const hidden = prepared((db, p: Params<{ unread: number }>) =>
    db
      .with('changed', (inner) =>
        inner
          .updateTable('conversations')
          .set({ unread: p('unread') })
          .returning('id'),
      )
      .selectFrom('changed')
      .selectAll(),
  );
  await expect(hidden(store.db, { unread: 9 })).rejects.toThrow();
  expect(await unread()).toBe(0);
});
