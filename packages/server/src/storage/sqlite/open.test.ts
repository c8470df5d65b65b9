import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { message, seedConversations } from '../testing/fixtures.ts';
import { openSqliteStore } from './open.ts';

const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'continuo-store-'));

describe('what only SQLite can be asked', () => {
  let folder: string;
  let path: string;
  let store: Store | null;

  const open = async (): Promise<Store> => {
    store = await openSqliteStore({ path, now: () => 1_000, publish: () => {} });
    return store;
  };

  beforeEach(async () => {
    folder = await makeFolder();
    path = join(folder, 'continuo.db');
    store = null;
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await store?.close();
    await rm(folder, { recursive: true });
  });

  test('writers at once share one commit, and each is told only after it', async () => {
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    const opened = await open();
    expect(exec.mock.calls.join()).toContain('synchronous = FULL');
    await seedConversations(opened, ['cnv_a']);

    const log: string[] = [];
    const run = StatementSync.prototype.run;
    vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (this: StatementSync, ...values) {
      if (this.sourceSQL === 'COMMIT') log.push('commit');
      return Reflect.apply(run, this, values);
    });
    const writers = Array.from({ length: 256 }, (_, n) =>
      opened.write((tx) => tx.append('cnv_a', [message(`m${n}`)])).then(() => log.push('told')),
    );
    await Promise.all(writers);
    expect(log[0]).toBe('commit');
    expect(log.filter((entry) => entry === 'commit')).toHaveLength(1);
  });

  test('a commit that fails tells every writer of its batch, and the next batch works', async () => {
    const opened = await open();
    await seedConversations(opened, ['cnv_a']);
    const run = StatementSync.prototype.run;
    let broken = true;
    vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (this: StatementSync, ...values) {
      if (this.sourceSQL === 'COMMIT' && broken) throw new Error('disk I/O error');
      return Reflect.apply(run, this, values);
    });
    const append = () => opened.write((tx) => tx.append('cnv_a', [message('hello')]));
    const answers = await Promise.allSettled([append(), append()]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    const [event] = await append();
    expect(event?.seq).toBe(1);
  });

  test('queries outside a write cannot change anything', async () => {
    const opened = await open();
    const change = opened.db.deleteFrom('events').execute();
    await expect(change).rejects.toThrow('readonly');
  });

  test('a library makes its own tables and rows through the dialect, beside units of work', async () => {
    const opened = await open();
    const library = new Kysely<{ notes: { id: number; text: string } }>({ dialect: opened.dialect });
    await library.schema.createTable('notes').addColumn('id', 'integer').addColumn('text', 'text').execute();
    await Promise.all([
      library.insertInto('notes').values({ id: 1, text: 'kept' }).execute(),
      seedConversations(opened, ['cnv_a']),
    ]);
    expect(await library.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'kept' }]);
    const tables = await library.introspection.getTables();
    expect(tables.map(({ name }) => name)).toContain('notes');
    await expect(library.transaction().execute(async () => {})).rejects.toThrow('not supported');
  });

  test('two processes that start at once both find their tables', async () => {
    const module = new URL('./open.ts', import.meta.url).href;
    // Both wait for the same moment, or else the first is done before the second is there.
    const source = `import { openSqliteStore } from '${module}';
      while (Date.now() < Number(process.argv[2]));
      const store = await openSqliteStore({ path: process.argv[1], now: Date.now, publish: () => {} });
      await store.db.selectFrom('workspaces').selectAll().execute();
      await store.close();`;
    const start = async (at: number): Promise<unknown> => {
      const flags = ['--conditions=source', '--input-type=module', '-e', source, path, String(at)];
      const [code] = await once(spawn(process.execPath, flags, { stdio: 'inherit' }), 'exit');
      return code;
    };
    const at = Date.now() + 1000;
    expect(await Promise.all([start(at), start(at)])).toEqual([0, 0]);
  });

  test('a database written by a newer server is refused', async () => {
    const opened = await open();
    const library = new Kysely<Database & { kysely_migration: { name: string; timestamp: string } }>({
      dialect: opened.dialect,
    });
    await library
      .insertInto('kysely_migration')
      .values({ name: '9999-from-the-future', timestamp: '2099-01-01T00:00:00Z' })
      .execute();
    await opened.close();
    store = null;
    await expect(open()).rejects.toThrow('9999-from-the-future');
  });
});

describe('kill -9', () => {
  const ROUNDS = 4;
  const script = fileURLToPath(new URL('../testing/crash-writer.ts', import.meta.url));

  /** Reads acknowledgements until there are enough, kills, and reads what was still in the pipe. */
  const collectThenKill = async (child: ChildProcess, enough: number): Promise<string[]> => {
    if (!child.stdout) throw new Error('the child has no output');
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === enough) child.kill('SIGKILL');
    }
    return acknowledged;
  };

  test('every acknowledged message is there after a kill at any moment', { timeout: 60_000 }, async () => {
    const folder = await makeFolder();
    const path = join(folder, 'continuo.db');
    let store = await openSqliteStore({ path, now: () => 1, publish: () => {} });
    await seedConversations(store, ['cnv_a']);
    const expected = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      await store.close();
      const child = spawn(process.execPath, ['--conditions=source', script, path, 'cnv_a', String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for (const id of await collectThenKill(child, 300 + 777 * round)) expected.add(id);
      store = await openSqliteStore({ path, now: () => 1, publish: () => {} });
      const rows = await store.db.selectFrom('events').select(['seq', 'client_id']).orderBy('seq').execute();
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
      const kept = new Set(rows.map(({ client_id }) => client_id));
      expect([...expected].filter((id) => !kept.has(id))).toEqual([]);
    }
    expect(expected.size).toBeGreaterThan(300);
    await store.close();
    await rm(folder, { recursive: true });
  });
});
