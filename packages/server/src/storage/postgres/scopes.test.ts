import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../testing/until.ts';
import type { Scope, Store, Tx } from '../store.ts';
import { message, seedConversations } from '../testing/fixtures.ts';
import { createGate } from '../testing/gate.ts';
import { createNodes, type Nodes } from '../testing/two-nodes.ts';

/* Units of work that run at the same time, on two nodes with one database. */

let nodes: Nodes;
let one: Store;
let two: Store;

beforeEach(async () => {
  nodes = await createNodes();
  [one, two] = [await nodes.open(), await nodes.open()];
  await seedConversations(one, ['cnv_a', 'cnv_b', 'cnv_c', 'cnv_d']);
});

afterEach(() => nodes.clear());

const countOf = async ({ db }: Pick<Tx, 'db'> | Pick<Store, 'db'>, id: string): Promise<number> => {
  const { unread } = await db
    .selectFrom('conversations')
    .select('unread')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return unread;
};

/** Loses an update wherever two of it run at the same time. */
const countUp = async (tx: Tx, id: string): Promise<void> => {
  const count = await countOf(tx, id);
  await tx.db
    .updateTable('conversations')
    .set({ unread: count + 1 })
    .where('id', '=', id)
    .execute();
};

const countOn = (store: Store, ids: readonly string[], scope: Scope | undefined = ids): Promise<void> =>
  store.write(async (tx) => {
    for (const id of ids) await countUp(tx, id);
  }, scope);

/** Resolves when some unit waits for a lock. */
const someoneWaits = (): Promise<void> =>
  until(async () => {
    const { rows } = await sql<{ waiting: number }>`
      SELECT count(*) AS waiting FROM pg_locks
      WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(one.db);
    expect(rows[0]?.waiting).toBeGreaterThan(0);
  });

test('units that share a name lose no update, on one node and on two', async () => {
  const units = Array.from({ length: 100 }, (_, n) => countOn(n % 2 ? one : two, ['cnv_a']));
  await Promise.all(units);
  expect(await countOf(one, 'cnv_a')).toBe(100);
});

test('units that share no name run at the same time, on one node and on two', async () => {
  const store = await nodes.open({ pool: { lanes: 1 } });
  const meet = async (first: Store, second: Store): Promise<void> => {
    const [here, there] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const wait = (arrive: () => void, other: Promise<void>) => async () => {
      arrive();
      await other;
    };
    await Promise.all([
      first.write(wait(here.resolve, there.promise), ['cnv_a']),
      second.write(wait(there.resolve, here.promise), ['cnv_b']),
    ]);
  };
  await meet(one, two);
  await meet(store, store);
});

test('a unit without a scope runs alone, on all nodes', async () => {
  const [entered, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const order: string[] = [];
  const scoped = one.write(
    async (tx) => {
      // It has its locks when it has read something.
      await countOf(tx, 'cnv_a');
      entered.resolve();
      await left.promise;
      order.push('scoped');
    },
    ['cnv_a'],
  );
  await entered.promise;
  const alone = two.write(async () => order.push('alone'));
  await someoneWaits();
  left.resolve();
  await Promise.all([scoped, alone]);
  expect(order).toEqual(['scoped', 'alone']);
});

test('units without a scope lose no update against those with one', async () => {
  const units = Array.from({ length: 60 }, (_, n) =>
    countOn(n % 2 ? one : two, ['cnv_a'], n % 3 ? ['cnv_a'] : []),
  );
  await Promise.all(units);
  expect(await countOf(one, 'cnv_a')).toBe(60);
});

const unitArbitrary = fc.record({
  onTwo: fc.boolean(),
  names: fc.uniqueArray(fc.constantFrom('cnv_a', 'cnv_b', 'cnv_c', 'cnv_d'), { minLength: 1 }),
  scoped: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  fails: fc.boolean(),
});

test('whatever scopes overlap: none waits for ever, each counts once, and what fails counts nothing', async () => {
  const expected = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(unitArbitrary, { minLength: 1, maxLength: 40 }), async (units) => {
      await Promise.all(
        units.map(async ({ onTwo, names, scoped, fails }) => {
          const work = (onTwo ? two : one).write(
            async (tx) => {
              for (const id of names) await countUp(tx, id);
              if (fails) throw new Error('on purpose');
            },
            scoped ? names : undefined,
          );
          if (fails) return expect(work).rejects.toThrow('on purpose');
          for (const id of names) expected.set(id, (expected.get(id) ?? 0) + 1);
          return work;
        }),
      );
      for (const [id, count] of expected) expect(await countOf(one, id)).toBe(count);
    }),
    { numRuns: 25 },
  );
});

test('both nodes append to the same logs: seqs are dense, and each node hears of its own in order', async () => {
  const heard: { id: string; seqs: number[] }[][] = [[], []];
  const stores = await Promise.all(
    heard.map((list) =>
      nodes.open({ publish: (id, events) => list.push({ id, seqs: events.map(({ seq }) => seq) }) }),
    ),
  );
  const appends = Array.from({ length: 300 }, (_, n) => {
    const [id = '', other = ''] = [['cnv_a', 'cnv_b'][n % 2], ['cnv_c', 'cnv_d'][n % 3]];
    // The first name picks the connection: one log's events come by several.
    return stores[n % 2]?.write((tx) => tx.append(id, [message(`m${n}`)]), other ? [other, id] : [id]);
  });
  await Promise.all(appends);
  for (const id of ['cnv_a', 'cnv_b']) {
    const page = await one.readAfter(id, 0, 1000);
    expect(page?.bodies.map((body) => JSON.parse(body).seq)).toEqual(
      Array.from({ length: 150 }, (_, n) => n + 1),
    );
    const seqs = heard.map((list) => list.filter((news) => news.id === id).flatMap((news) => news.seqs));
    for (const own of seqs) expect(own).toEqual(own.toSorted((a, b) => a - b));
    expect(seqs.flat()).toHaveLength(150);
  }
});

test('who makes a unique row second runs again, and finds the first', async () => {
  const findOrMake = (store: Store, name: string) =>
    store.write(
      async ({ db }) => {
        const found = await db
          .selectFrom('workspaces')
          .select('name')
          .where('id', '=', 'wsp_9')
          .executeTakeFirst();
        if (found) return found.name;
        await db
          .insertInto('workspaces')
          .values({ id: 'wsp_9', name, settings: '{}', created_at: 1 })
          .execute();
        return name;
      },
      [name],
    );
  const names = await Promise.all(
    Array.from({ length: 20 }, (_, n) => findOrMake(n % 2 ? one : two, `name ${n}`)),
  );
  expect(new Set(names).size).toBe(1);
});

test('among many units those that fail are undone alone, whatever they did before', async () => {
  const units = Array.from({ length: 64 }, (_, n) =>
    one.write(
      async (tx) => {
        await tx.append('cnv_a', [message(`m${n}`)]);
        if (n % 20 === 3) throw new Error('on purpose');
        if (n % 20 === 9) await sql`SELECT 1 / 0`.execute(tx.db);
        return n;
      },
      ['cnv_a', `unit ${n}`],
    ),
  );
  const ends = await Promise.allSettled(units);
  const failed = ends.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
  expect(failed).toEqual([3, 9, 23, 29, 43, 49, 63]);
  const page = await one.readAfter('cnv_a', 0, 1000);
  expect(page?.head).toBe(64 - failed.length);
});

const expectCarelessRefused = async (store: Store): Promise<void> => {
  const careless = store.write(
    async (tx) => {
      await sql`SELECT 1 / 0`.execute(tx.db).catch(() => {});
      return 'as if nothing was';
    },
    ['cnv_a'],
  );
  const other = store.write((tx) => tx.append('cnv_b', [message('kept')]), ['cnv_b']);
  await expect(careless).rejects.toThrow('went on');
  expect(await other).toHaveLength(1);
};

test('a unit that goes on after a failed query is refused, and disturbs nobody', () =>
  expectCarelessRefused(one));

test('so it is where it goes on before the server has said that it is done with that query', async () => {
  const gate = await createGate(nodes.url);
  const far = await nodes.open({ url: gate.url });
  gate.drip();
  await expectCarelessRefused(far);
  await far.close();
  await gate.close();
});
