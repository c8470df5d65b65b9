import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../storage/postgres/open.ts';
import { openSqliteStore } from '../../storage/sqlite/open.ts';
import type { Store } from '../../storage/store.ts';
import { message, seedConversations } from '../../storage/testing/fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../../storage/testing/postgres.ts';
import { type ImportOptions, importToPostgres } from './import.ts';

const SLOW = 120_000;
const now = () => 1_700_000_000_000;

let dataDir: string;
let target: TestDatabase;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'continuo-import-'));
  // Sorts text as people do, and not by its bytes: the comparison must not depend on it.
  target = await createTestDatabase({ language: 'en' });
});
afterEach(async () => {
  rmSync(dataDir, { recursive: true });
  await target.drop();
});

const openSource = (): Promise<Store> =>
  openSqliteStore({ path: join(dataDir, 'continuo.db'), now, publish: () => {} });
const openTarget = (): Promise<Store> =>
  openPostgresStore({ url: target.url, now, publish: () => {}, nodeId: 'test' });

/** As the accounts library has it: other types than everything else. */
const ACCOUNTS = {
  source:
    'CREATE TABLE auth_users (id text PRIMARY KEY NOT NULL, "emailVerified" integer NOT NULL, "createdAt" date)',
  target:
    'CREATE TABLE auth_users (id text PRIMARY KEY NOT NULL, "emailVerified" boolean NOT NULL, "createdAt" timestamptz)',
};

const onSource = (act: (db: DatabaseSync) => void): void => {
  const db = new DatabaseSync(join(dataDir, 'continuo.db'));
  act(db);
  db.close();
};

const onTarget = async <T>(act: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: target.url });
  await client.connect();
  return act(client).finally(() => client.end());
};

const prepare: ImportOptions['prepare'] = async (side) => {
  await (await (side === 'source' ? openSource() : openTarget())).close();
  if (side === 'source') onSource((db) => db.exec(ACCOUNTS.source.replace('TABLE', 'TABLE IF NOT EXISTS')));
  else await onTarget((client) => client.query(ACCOUNTS.target.replace('TABLE', 'TABLE IF NOT EXISTS')));
};

const runImport = (changes: Partial<ImportOptions> = {}) =>
  importToPostgres({ dataDir, url: target.url, prepare, ...changes });

/** Leaves the tables, as another import of the same target finds them. */
const emptyTarget = (): Promise<unknown> =>
  onTarget(async (client) => {
    const { rows } = await client.query(
      "SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely%'",
    );
    if (rows.length > 0)
      await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} RESTART IDENTITY`);
  });

const countTarget = (table: string): Promise<number> =>
  onTarget(async (client) => Number((await client.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n));

const seed = async (): Promise<void> => {
  const store = await openSource();
  await seedConversations(store, ['cnv_1', 'cnv_2']);
  await store.write((tx) => tx.append('cnv_1', [message('one'), message('two')]));
  await store.close();
};

/** What texts may hold: every plane, halves of pairs, U+0000, what quoting could trip over, names that sort oddly. */
const unicode = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '\0',
      '\ud800',
      '\udfff',
      '😀',
      "'",
      '"',
      '\\',
      '{',
      ',',
      'NULL',
      '\n',
      ' ',
      'é',
      'e\u0301',
      'Z',
      'a',
      '_',
      '-',
    ),
  }),
);
const whole = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 40),
);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** A deployment that has grown, in words: what each table gets. */
const grown = fc.record({
  customers: fc.array(fc.record({ name: orNull(unicode), locale: orNull(unicode), createdAt: whole }), {
    maxLength: 12,
  }),
  texts: fc.array(unicode, { maxLength: 12 }),
  inbound: fc.uniqueArray(fc.record({ externalId: unicode, payload: unicode, nextAt: whole }), {
    maxLength: 12,
    selector: ({ externalId }) => externalId.toWellFormed(),
  }),
  users: fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[A-Za-z0-9_-]{2,5}$/),
      verified: fc.boolean(),
      at: orNull(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })),
    }),
    {
      maxLength: 8,
      selector: ({ id }) => id,
    },
  ),
});

type Grown = typeof grown extends fc.Arbitrary<infer T> ? T : never;

async function grow({ customers, texts, inbound, users }: Grown): Promise<void> {
  await seed();
  const store = await openSource();
  for (const text of texts) await store.write((tx) => tx.append('cnv_2', [message(text)]));
  await store.write(async ({ db }) => {
    for (const [index, { name, locale, createdAt }] of customers.entries()) {
      const row = { id: `cus_${index % 2 ? 'z' : 'Z'}-${index}`, name, locale, created_at: createdAt };
      await db
        .insertInto('customers')
        .values({ ...row, workspace_id: 'wsp_1', picture_url: null })
        .execute();
    }
    for (const { externalId, payload, nextAt } of inbound) {
      const row = { channel_id: 'chn_1', external_id: externalId, sender: 's', payload, next_at: nextAt };
      await db
        .insertInto('inbound')
        .values({ ...row, received_at: 1, processed_at: null, attempts: 0, taken_until: null, error: null })
        .execute();
    }
  });
  await store.close();
  await prepare('source');
  onSource((db) => {
    const insert = db.prepare('INSERT INTO auth_users VALUES (?, ?, ?)');
    for (const { id, verified, at } of users) insert.run(id, verified ? 1 : 0, at?.toISOString() ?? null);
  });
}

test('a grown deployment is the same after the import, whatever people wrote', {
  timeout: SLOW,
}, async () => {
  await fc.assert(
    fc
      .asyncProperty(grown, async (content) => {
        await grow(content);
        const { tables, replaced } = await runImport();
        for (const { source, target: copy, differences } of tables) {
          expect(copy).toBe(source);
          expect(differences).toEqual([]);
        }
        const rows = new Map(tables.map(({ table, rows: count }) => [table, count]));
        expect(rows.get('events')).toBe(2 + content.texts.length);
        expect(rows.get('inbound')).toBe(content.inbound.length);
        expect(rows.get('auth_users')).toBe(content.users.length);
        const zeros = [
          ...content.customers.flatMap(({ name, locale }) => [name, locale]),
          ...content.inbound.flatMap(({ externalId, payload }) => [externalId, payload]),
        ].reduce((sum, text) => sum + (text?.split('\0').length ?? 1) - 1, 0);
        expect(replaced).toBe(zeros);
        const store = await openTarget();
        const log = await store.readAfter('cnv_2', 0, 1000);
        expect(log?.bodies.map((body) => JSON.parse(body).text)).toEqual(content.texts);
        await store.close();
      })
      .beforeEach(async () => {
        rmSync(dataDir, { recursive: true });
        dataDir = mkdtempSync(join(tmpdir(), 'continuo-import-'));
        await emptyTarget();
      }),
    { numRuns: 8, endOnFailure: true },
  );
});

test('numbers go on where they were: seqs and ids of inbound events', { timeout: SLOW }, async () => {
  await grow({
    customers: [],
    texts: [],
    inbound: ['a', 'b', 'c'].map((externalId) => ({ externalId, payload: '{}', nextAt: 0 })),
    users: [],
  });
  await runImport();
  const store = await openTarget();
  expect(await store.write((tx) => tx.append('cnv_1', [message('three')]))).toMatchObject([{ seq: 3 }]);
  await store.close();
  const next = await onTarget((client) =>
    client.query("SELECT nextval(pg_get_serial_sequence('inbound', 'id')) AS id"),
  );
  expect(next.rows).toEqual([{ id: '4' }]);
});

test('pages and cursors end where the rows do', { timeout: SLOW }, async () => {
  await seed();
  const store = await openSource();
  for (let round = 0; round < 10; round += 1) {
    await store.write((tx) =>
      tx.append(
        'cnv_2',
        Array.from({ length: 200 }, () => message('x'.repeat(300))),
      ),
    );
  }
  await store.close();
  const { tables } = await runImport();
  expect(tables.find(({ table }) => table === 'events')?.rows).toBe(2002);
  expect(await countTarget('events')).toBe(2002);
});

test('a target with rows is refused, and they stay', { timeout: SLOW }, async () => {
  await seed();
  await prepare('target');
  const store = await openTarget();
  await seedConversations(store, ['cnv_9']);
  await store.close();
  await expect(runImport()).rejects.toThrow(
    'The target is not empty: it has rows in workspaces, customers, conversations',
  );
  expect(await countTarget('conversations')).toBe(1);
});

test('a copy that differs is told row by row, and nothing of it stays', { timeout: SLOW }, async () => {
  await seed();
  await expect(
    runImport({
      async prepare(side) {
        await prepare(side);
        if (side === 'source') return;
        // A target that changes what it is given.
        await onTarget((client) =>
          client.query(`
            CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF new.seq = 2 THEN new.body := 'spoilt'; END IF; RETURN new; END $$;
            CREATE TRIGGER spoil BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION spoil()`),
        );
      },
    }),
  ).rejects.toThrow('nothing was imported:\nevents: the row cnv_1 / 2 differs in body');
  expect(await countTarget('events')).toBe(0);
  expect(await countTarget('workspaces')).toBe(0);
});

test('a server on the source, or a damaged source, is refused', { timeout: SLOW }, async () => {
  await seed();
  const store = await openSource();
  await expect(runImport()).rejects.toThrow('stop it first');
  await store.close();
  onSource((db) => db.exec('DELETE FROM events WHERE seq = 1'));
  await expect(runImport()).rejects.toThrow('has logs with holes: cnv_1');
});

test('a column that only one side has is told', { timeout: SLOW }, async () => {
  await seed();
  await prepare('source');
  onSource((db) => db.exec('ALTER TABLE auth_users ADD COLUMN nick text'));
  await expect(runImport()).rejects.toThrow('auth_users.nick is missing in the target');
});
