import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../testing/until.ts';
import type { Store, Tx } from '../store.ts';
import { message, seedConversations } from '../testing/fixtures.ts';
import { createNodes, type Nodes } from '../testing/two-nodes.ts';

/* How often a unit waits for the database, and that what it does not wait for is not lost. */

let nodes: Nodes;

beforeEach(async () => {
  nodes = await createNodes();
});

afterEach(() => nodes.clear());

/** Stands before the database and counts how often a question follows an answer. */
const createCounter = async (databaseUrl: string) => {
  const target = new URL(databaseUrl);
  let trips = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    let asking = false;
    client.on('data', (bytes) => {
      if (!asking) trips += 1;
      asking = true;
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      asking = false;
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    count: async (work: () => Promise<unknown>): Promise<number> => {
      const before = trips;
      await work();
      return trips - before;
    },
    close: () => server.close(),
  };
};

const note = (tx: Pick<Tx, 'db'>, seq: number | undefined) =>
  tx.db.updateTable('conversations').set({ last_message_seq: seq }).where('id', '=', 'cnv_a').execute();

/** As a message is stored: is its id known; if not, its row, the conversation's row, and the commit. */
const send = (store: Store, clientId: string, name = 'conversation:cnv_a') =>
  store.write(
    async (tx) => {
      if (await tx.findByClientId('cnv_a', clientId)) return 'repeated';
      const [event] = await tx.append('cnv_a', [message('hello', clientId)], { clientId, hash: 'h' });
      await note(tx, event?.seq);
      return event?.seq;
    },
    [name],
  );

test('a unit that looks something up, appends and changes waits for the database twice', async () => {
  const counter = await createCounter(nodes.url);
  const store = await nodes.open({ url: counter.url, post: () => {} });
  await seedConversations(store, ['cnv_a']);
  for (let n = 0; n < 3; n += 1) await send(store, `warm ${n}`);
  expect(await counter.count(() => send(store, 'client-1'))).toBe(2);
  const row = await store.db
    .selectFrom('conversations')
    .select(['head', 'last_message_seq'])
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ head: 4, last_message_seq: 4 });
  expect(await send(store, 'client-1')).toBe('repeated');
  counter.close();
});

test('where another moved the head meanwhile, the unit runs again and its seq is the next', async () => {
  const [one, two] = [await nodes.open(), await nodes.open()];
  await seedConversations(one, ['cnv_a']);
  let runs = 0;
  const events = await one.write(
    async (tx) => {
      runs += 1;
      await tx.findByClientId('cnv_a', 'x');
      if (runs === 1) await send(two, 'client-2', 'another name');
      return tx.append('cnv_a', [message('late')]);
    },
    ['a name that is not the conversation'],
  );
  expect(runs).toBe(2);
  expect(events).toMatchObject([{ seq: 2, text: 'late' }]);
  const page = await one.readAfter('cnv_a', 0, 10);
  expect(page?.bodies.map((body) => JSON.parse(body).seq)).toEqual([1, 2]);
});

test('a unit sees what it has changed itself, and appends in its order', async () => {
  const store = await nodes.open();
  await seedConversations(store, ['cnv_a']);
  const seen = await store.write(
    async (tx) => {
      await tx.findByClientId('cnv_a', 'x');
      await tx.append('cnv_a', [message('one', 'client-1')], { clientId: 'client-1', hash: 'h' });
      await note(tx, 1);
      await tx.append('cnv_a', [message('two'), message('three')]);
      const found = await tx.findByClientId('cnv_a', 'client-1');
      const row = await tx.db.selectFrom('conversations').select(['head', 'last_message_seq']).execute();
      return { found: found?.event.seq, row };
    },
    ['conversation:cnv_a'],
  );
  expect(seen).toEqual({ found: 1, row: [{ head: 3, last_message_seq: 1 }] });
  const page = await store.readAfter('cnv_a', 0, 10);
  expect(page?.bodies.map((body) => JSON.parse(body).text)).toEqual(['one', 'two', 'three']);
});

test('a change that fails unnoticed undoes its unit and no other', async () => {
  const store = await nodes.open({ pool: { lanes: 1 } });
  await seedConversations(store, ['cnv_a', 'cnv_b']);
  const customer = { id: 'cus_cnv_a', workspace_id: 'wsp_1', name: null, picture_url: null, locale: null };
  const ends = await Promise.allSettled([
    store.write(
      async (tx) => {
        await tx.append('cnv_a', [message('undone')]);
        await tx.db
          .insertInto('customers')
          .values({ ...customer, created_at: 1 })
          .execute();
        return 'as if nothing was';
      },
      ['conversation:cnv_a'],
    ),
    store.write((tx) => tx.append('cnv_b', [message('kept')]), ['conversation:cnv_b']),
  ]);
  expect(ends).toMatchObject([
    { status: 'rejected', reason: { code: '23505' } },
    { status: 'fulfilled', value: [{ seq: 1 }] },
  ]);
  expect(await store.readHeads(['cnv_a', 'cnv_b'])).toEqual(
    new Map([
      ['cnv_a', 0],
      ['cnv_b', 1],
    ]),
  );
});

test('a change that has failed unnoticed when its unit ends is what the unit fails with', async () => {
  const [store, other] = [await nodes.open({ pool: { lanes: 1 } }), await nodes.open()];
  await seedConversations(store, ['cnv_a']);
  const aborted = async () => {
    const { rows } = await sql`
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction (aborted)'`.execute(other.db);
    expect(rows).toHaveLength(1);
  };
  const unit = store.write(
    async (tx) => {
      await tx.db
        .insertInto('workspaces')
        .values({ id: 'wsp_1', name: 'again', settings: '{}', created_at: 1 })
        .execute();
      await until(aborted);
    },
    ['conversation:cnv_a'],
  );
  await expect(unit).rejects.toMatchObject({ code: '23505' });
});

test('of questions asked together, the first that failed is what the unit failed with', async () => {
  const store = await nodes.open();
  await seedConversations(store, ['cnv_a']);
  const asked = store.write(
    (tx) =>
      Promise.all([
        // Kysely tells of it later than the log does of the next, which is refused because of it.
        sql`SELECT no_such_column`.execute(tx.db),
        tx.findByClientId('cnv_a', 'x'),
      ]),
    ['conversation:cnv_a'],
  );
  await expect(asked).rejects.toMatchObject({ code: '42703' });
});
