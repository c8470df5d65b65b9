import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../schema.ts';
import { message, seedConversations } from '../testing/fixtures.ts';
import { createNodes, type Nodes } from '../testing/two-nodes.ts';

/* What only PostgreSQL can be asked. */

let nodes: Nodes;

beforeEach(async () => {
  nodes = await createNodes();
});

afterEach(() => nodes.clear());

test('queries outside a write cannot change anything', async () => {
  const store = await nodes.open();
  await expect(store.db.deleteFrom('events').execute()).rejects.toThrow('read-only');
});

test('numbers are numbers, whatever their column', async () => {
  const store = await nodes.open();
  await seedConversations(store, ['cnv_a']);
  const row = await store.db
    .selectFrom('conversations')
    .select(({ fn }) => ['head', 'created_at', fn.countAll().as('count'), fn.sum('head').as('sum')])
    .groupBy(['head', 'created_at'])
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ head: 0, created_at: 1, count: 1, sum: 0 });
});

test('text is sorted by its bytes, as on SQLite, whatever language the database speaks', async () => {
  const german = await createNodes({ language: 'de' });
  const store = await german.open();
  const ids = ['cnv_a', 'cnv_B', 'cnv_ä', 'cnv__', 'cnv_Z', 'cnv_z'];
  await seedConversations(store, ids);
  const rows = await store.db.selectFrom('conversations').select('id').orderBy('id').execute();
  expect(rows.map(({ id }) => id)).toEqual(ids.toSorted());
  await german.clear();
});

test('a character that PostgreSQL cannot store does not stop a message', async () => {
  const store = await nodes.open();
  await seedConversations(store, ['cnv_a']);
  await store.write(async (tx) => {
    await tx.append('cnv_a', [message('a\0b', 'client\0')], { clientId: 'client\0', hash: 'h' });
    await tx.db.updateTable('conversations').set({ last_message_preview: 'a\0b' }).execute();
  });
  const page = await store.readAfter('cnv_a', 0, 1);
  expect(JSON.parse(page?.bodies[0] ?? '')).toMatchObject({ text: 'a\0b' });
  await store.write(async (tx) => expect(await tx.findByClientId('cnv_a', 'client\0')).not.toBeNull());
});

test('a library makes its own tables and rows through the dialect, beside units of work', async () => {
  const store = await nodes.open();
  const library = new Kysely<{ notes: { id: number; text: string } }>({ dialect: store.dialect });
  await library.schema.createTable('notes').addColumn('id', 'integer').addColumn('text', 'text').execute();
  await Promise.all([
    library.insertInto('notes').values({ id: 1, text: 'kept' }).execute(),
    seedConversations(store, ['cnv_a']),
  ]);
  const changed = await library.updateTable('notes').set({ text: 'changed' }).executeTakeFirst();
  expect(changed.numUpdatedRows).toBe(1n);
  expect(await library.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'changed' }]);
  const tables = await library.introspection.getTables();
  expect(tables.map(({ name }) => name)).toContain('notes');
  await expect(library.transaction().execute(async () => {})).rejects.toThrow('not supported');
});

test('a query that was prepared before a migration is prepared anew', async () => {
  const [store, newer] = [await nodes.open({ pool: { lanes: 1 } }), await nodes.open()];
  await seedConversations(store, ['cnv_a']);
  const look = () => store.write(({ db }) => db.selectFrom('customers').selectAll().execute(), ['cnv_a']);
  const lookOutside = () => store.db.selectFrom('customers').selectAll().execute();
  for (let times = 0; times < 3; times += 1) await Promise.all([look(), lookOutside()]);
  await newer.write(({ db }) => sql`ALTER TABLE customers ADD COLUMN age integer`.execute(db));
  expect(await look()).toEqual([expect.objectContaining({ age: null })]);
  expect(await lookOutside()).toEqual([expect.objectContaining({ age: null })]);
});

test('an acknowledgement means the disk, even where the database is set to be faster', async () => {
  const database = sql.id(new URL(nodes.url).pathname.slice(1));
  const first = await nodes.open();
  await first.write(({ db }) => sql`ALTER DATABASE ${database} SET synchronous_commit = off`.execute(db));
  const store = await nodes.open();
  const { rows } = await store.write(({ db }) => sql`SHOW synchronous_commit`.execute(db));
  expect(rows).toEqual([{ synchronous_commit: 'on' }]);
});

test('processes that start at once all find their tables', async () => {
  const module = new URL('./open.ts', import.meta.url).href;
  const source = `import { openPostgresStore } from '${module}';
    const [url, at] = process.argv.slice(1);
    while (Date.now() < Number(at));
    const store = await openPostgresStore({ url, now: Date.now, publish: () => {}, nodeId: String(process.pid) });
    await store.db.selectFrom('workspaces').selectAll().execute();
    await store.close();`;
  const start = async (at: number): Promise<unknown> => {
    const flags = ['--conditions=source', '--input-type=module', '-e', source, nodes.url, String(at)];
    const [code] = await once(spawn(process.execPath, flags, { stdio: 'inherit' }), 'exit');
    return code;
  };
  const at = Date.now() + 1000;
  expect(await Promise.all([start(at), start(at), start(at)])).toEqual([0, 0, 0]);
});

test('a database written by a newer server is refused', async () => {
  const store = await nodes.open();
  const library = new Kysely<Database & { kysely_migration: { name: string; timestamp: string } }>({
    dialect: store.dialect,
  });
  await library
    .insertInto('kysely_migration')
    .values({ name: '9999-from-the-future', timestamp: '2099-01-01T00:00:00Z' })
    .execute();
  await expect(nodes.open()).rejects.toThrow('9999-from-the-future');
});

test('a database that does not exist is told at once', async () => {
  const url = new URL(nodes.url);
  url.pathname = '/continuo_no_such_database';
  await expect(nodes.open({ url: url.href })).rejects.toThrow('does not exist');
});
