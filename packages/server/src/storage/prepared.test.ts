import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Params, prepared } from './prepared.ts';
import type { Store } from './store.ts';
import { ENGINES, type Engine } from './testing/engines.ts';
import { seedConversations } from './testing/fixtures.ts';

describe.each(Object.entries(ENGINES))('on %s', (_name, createEngine) => {
  let engine: Engine;
  let store: Store;

  beforeEach(async () => {
    engine = await createEngine();
    store = await engine.open(() => {});
    await seedConversations(store, ['cnv_a', 'cnv_b']);
  });
  afterEach(async () => {
    await store.close();
    await engine.clear();
  });

  test('runs with the values of each call, and is built once for reads and units of work alike', async () => {
    const build = vi.fn();
    const statusOf = prepared((db, p: Params<{ id: string; status: 'open' | 'resolved' }>) => {
      build();
      return db
        .selectFrom('conversations')
        .select(['id', 'status'])
        .where('id', '=', p('id'))
        .where('status', '=', p('status'))
        .where('case_number', '<', 1_000);
    });
    const { status } = await store.db
      .selectFrom('conversations')
      .select('status')
      .where('id', '=', 'cnv_a')
      .executeTakeFirstOrThrow();
    const other = status === 'open' ? 'resolved' : 'open';
    for (const id of ['cnv_a', 'cnv_b', 'cnv_a']) {
      expect(await statusOf(store.db, { id, status })).toEqual([{ id, status }]);
    }
    expect(await statusOf(store.db, { id: 'cnv_a', status: other })).toEqual([]);
    const inside = await store.write(async ({ db }) => [
      await statusOf(db, { id: 'cnv_a', status }),
      await statusOf(db, { id: 'cnv_none', status }),
    ]);
    expect(inside).toEqual([[{ id: 'cnv_a', status }], []]);
    const built = build.mock.calls.length;
    for (let n = 0; n < 5; n += 1) {
      await statusOf(store.db, { id: 'cnv_a', status });
      await store.write(({ db }) => statusOf(db, { id: 'cnv_b', status }), ['conversation:cnv_b']);
    }
    // Reader and writer are two databases to Kysely; on PostgreSQL some lanes may be new.
    expect(built).toBeLessThanOrEqual(2);
    expect(build.mock.calls.length).toBeLessThanOrEqual(built + 4);
  });

  test('changes rows, with values given and null', async () => {
    const setUnread = prepared((db, p: Params<{ id: string; unread: number; since: number | null }>) =>
      db
        .updateTable('conversations')
        .set({ unread: p('unread'), waiting_since: p('since') })
        .where('id', '=', p('id')),
    );
    const read = () =>
      store.db.selectFrom('conversations').select(['id', 'unread', 'waiting_since']).orderBy('id').execute();
    const [, untouched] = await read();
    for (const [unread, since] of [
      [3, 77],
      [0, null],
    ] as const) {
      await store.write(async ({ db }) => {
        await setUnread(db, { id: 'cnv_a', unread, since });
      });
      expect(await read()).toEqual([{ id: 'cnv_a', unread, waiting_since: since }, untouched]);
    }
  });

  test('what is undone in a unit of work is undone', async () => {
    const setUnread = prepared((db, p: Params<{ unread: number }>) =>
      db.updateTable('conversations').set({ unread: p('unread') }),
    );
    const failing = store.write(async ({ db }) => {
      await setUnread(db, { unread: 9 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const rows = await store.db.selectFrom('conversations').select('unread').execute();
    expect(rows.map(({ unread }) => unread)).toEqual([0, 0]);
  });
});
