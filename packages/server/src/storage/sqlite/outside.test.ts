import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Params, prepared } from '../prepared.ts';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { ENGINES, type Engine } from '../testing/engines.ts';
import { seedConversations } from '../testing/fixtures.ts';

/* Queries outside a write: what is prepared may share the writer's connection, and nobody must notice. */

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

type Db = Kysely<Database>;

const findUnread = prepared((db, p: Params<{ id: string }>) =>
  db.selectFrom('conversations').select('unread').where('id', '=', p('id')),
);
const setUnread = prepared((db, p: Params<{ unread: number }>) =>
  db.updateTable('conversations').set({ unread: p('unread') }),
);
const setHidden = prepared((db, p: Params<{ unread: number }>) =>
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

/** The same queries, built each time and prepared. */
const WAYS = {
  built: {
    find: (db: Db) => db.selectFrom('conversations').select('unread').execute(),
    set: (db: Db, unread: number) => db.updateTable('conversations').set({ unread }).execute(),
    setHidden: (db: Db, unread: number) =>
      db
        .with('changed', (inner) => inner.updateTable('conversations').set({ unread }).returning('id'))
        .selectFrom('changed')
        .selectAll()
        .execute(),
  },
  prepared: {
    find: (db: Db) => findUnread(db, { id: 'cnv_a' }),
    set: (db: Db, unread: number) => setUnread(db, { unread }),
    setHidden: (db: Db, unread: number) => setHidden(db, { unread }),
  },
};

describe.each(Object.entries(WAYS))('%s', (_name, way) => {
  const unread = async (): Promise<number | undefined> => (await way.find(store.db))[0]?.unread;

  /** A unit that sets `unread` and stays open until it is told how to end. */
  const openUnit = (value: number) => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const done = store.write(async ({ db }) => {
      await way.set(db, value);
      expect(await way.find(db)).toEqual([{ unread: value }]);
      begun.resolve();
      await end.promise;
    });
    return { begun: begun.promise, end, done };
  };

  test('sees nothing of a unit that is under way, and all of it afterwards', async () => {
    expect(await unread()).toBe(0);
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

  test('can change nothing, in whatever words it is said', async () => {
    await expect(way.set(store.db, 9)).rejects.toThrow('readonly');
    await expect(way.setHidden(store.db, 9)).rejects.toThrow();
    expect(await unread()).toBe(0);
  });
});
