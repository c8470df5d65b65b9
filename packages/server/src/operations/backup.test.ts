import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSecrets } from '../config/secrets.ts';
import { openSqliteStore } from '../storage/sqlite/open.ts';
import type { Store } from '../storage/store.ts';
import { message, seedConversations } from '../storage/testing/fixtures.ts';
import { type BackupOptions, takeBackup } from './backup.ts';
import { inspectDatabase } from './database.ts';
import { type RestoreOptions, restoreBackup } from './restore.ts';

// Syncing to the disk takes long on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const SLOW = 60_000;
const WRITER = fileURLToPath(new URL('../storage/testing/crash-writer.ts', import.meta.url));

let folder: string;
let dataDir: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'continuo-backup-'));
  dataDir = join(folder, 'data');
  target = join(folder, 'copies', 'today');
  mkdirSync(dataDir, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = () => 1_700_000_000_000;
const open = (where = dataDir): Promise<Store> =>
  openSqliteStore({ path: join(where, 'continuo.db'), now, publish: () => {} });

const backUp = (changes: Partial<BackupOptions> = {}) =>
  takeBackup({ dataDir, target, secrets: createSecrets(dataDir), now, ...changes });

const restoreTo = (where: string, changes: Partial<RestoreOptions> = {}) =>
  restoreBackup({ source: target, dataDir: where, now, ...changes });

const append = (store: Store, id: string, text: string) =>
  store.write((tx) => tx.append(id, [message(text)]));

/** A closed deployment with one conversation of two events, a key and two files. */
const seed = async () => {
  const store = await open();
  await seedConversations(store, ['cnv_1']);
  await append(store, 'cnv_1', 'one');
  await append(store, 'cnv_1', 'two');
  await store.close();
  createSecrets(dataDir);
  for (const name of ['aa/bb/one', 'cc/dd/two']) {
    mkdirSync(join(dataDir, 'files', name, '..'), { recursive: true });
    writeFileSync(join(dataDir, 'files', name), `content of ${name}`);
  }
};

const clientIds = (path: string): Set<string> => {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare('SELECT client_id FROM events').all();
  db.close();
  return new Set(rows.map(({ client_id }) => String(client_id)));
};

test('under load, a backup has everything that was acknowledged before it, and is whole', {
  timeout: SLOW,
}, async () => {
  const store = await open();
  await seedConversations(store, ['cnv_1']);
  // Enough that the copy takes many steps, between which the writer commits.
  for (let round = 0; round < 20; round += 1) {
    const work = Array.from({ length: 100 }, () => append(store, 'cnv_1', 'x'.repeat(2000)));
    await Promise.all(work);
  }
  await store.close();
  const args = ['--conditions=source', WRITER, join(dataDir, 'continuo.db'), 'cnv_1', '1'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  const acknowledged = () => printed.split('\n').slice(0, -1);
  try {
    for (let round = 0; round < 3; round += 1) {
      while (acknowledged().length < (round + 1) * 500) await once(child.stdout, 'data');
      const before = acknowledged();
      const shares: number[] = [];
      const copy = join(folder, `copy-${round}`);
      const manifest = await backUp({ target: copy, onProgress: (share) => shares.push(share) });
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      const kept = clientIds(join(copy, 'continuo.db'));
      expect(before.filter((clientId) => !kept.has(clientId))).toEqual([]);
      expect(manifest.events).toBeGreaterThanOrEqual(before.length + 2000);
      expect(inspectDatabase(join(copy, 'continuo.db'))).toMatchObject({ events: manifest.events });
      while (acknowledged().length === before.length) await once(child.stdout, 'data');
    }
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

test('a backup is restored as it was, readable by its owner only', async () => {
  await seed();
  const manifest = await backUp();
  expect(manifest).toMatchObject({ conversations: 1, events: 2, takenAt: '2023-11-14T22:13:20.000Z' });
  expect(readdirSync(join(folder, 'copies'))).toEqual(['today']);
  expect(readdirSync(target).sort()).toEqual(['backup.json', 'continuo.db', 'files', 'secret.key']);
  for (const path of ['backup.json', ...manifest.files.map((file) => file.path)]) {
    expect(statSync(join(target, path)).mode & 0o777, path).toBe(0o600);
  }
  expect(statSync(target).mode & 0o777).toBe(0o700);

  const fresh = join(folder, 'fresh');
  expect(await restoreTo(fresh)).toMatchObject({ kept: null, rightKey: true });
  expect(readdirSync(fresh).sort()).toEqual(['continuo.db', 'files', 'secret.key']);
  expect(readFileSync(join(fresh, 'files/aa/bb/one'), 'utf8')).toBe('content of aa/bb/one');
  expect(createSecrets(fresh).derive('x')).toBe(createSecrets(dataDir).derive('x'));
  const store = await open(fresh);
  expect((await store.readAfter('cnv_1', 0, 10))?.bodies).toHaveLength(2);
  expect(await append(store, 'cnv_1', 'three')).toMatchObject([{ seq: 3 }]);
  await store.close();
});

test('what lies at the target is replaced only when told', async () => {
  await seed();
  await backUp();
  const store = await open();
  await append(store, 'cnv_1', 'three');
  await expect(backUp()).rejects.toThrow('exists');
  expect((await backUp({ replace: true })).events).toBe(3);
  await store.close();
  expect(readdirSync(join(folder, 'copies'))).toEqual(['today']);
});

test('a backup that fails leaves nothing, and the former one stays', async () => {
  await seed();
  await backUp();
  const stop = () => {
    throw new Error('the disk is full');
  };
  const store = await open();
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(Array.from({ length: 100 }, () => append(store, 'cnv_1', 'x'.repeat(2000))));
  }
  await store.close();
  await expect(backUp({ replace: true, onProgress: stop })).rejects.toThrow('the disk is full');
  expect(readdirSync(join(folder, 'copies'))).toEqual(['today']);
  await restoreTo(join(folder, 'fresh'));
});

test('a damaged database is not backed up', async () => {
  await seed();
  const db = new DatabaseSync(join(dataDir, 'continuo.db'));
  db.exec('DELETE FROM events WHERE seq = 1');
  db.close();
  await expect(backUp()).rejects.toThrow('has logs with holes: cnv_1');
  expect(readdirSync(join(folder, 'copies'))).toEqual([]);
});

test.each<[string, () => void, string]>([
  ['cut off midway', () => rmSync(join(target, 'backup.json')), 'is not a finished backup'],
  ['without its end', () => truncateSync(join(target, 'continuo.db'), 4096), 'was cut or changed'],
  ['changed in a file', () => appendFileSync(join(target, 'files/aa/bb/one'), '!'), 'was cut or changed'],
  [
    'with another byte',
    () => writeFileSync(join(target, 'files/aa/bb/one'), 'Content of aa/bb/one'),
    'was cut or changed',
  ],
  ['without a file', () => rmSync(join(target, 'files/cc/dd/two')), 'is missing in the backup'],
  [
    'of another format',
    () => writeFileSync(join(target, 'backup.json'), '{"format":2}'),
    'which this version',
  ],
])('a backup %s is refused, and nothing is changed', async (_, spoil, words) => {
  await seed();
  await backUp();
  chmodSync(target, 0o700);
  spoil();
  const fresh = join(folder, 'fresh');
  await expect(restoreTo(fresh)).rejects.toThrow(words);
  expect(existsSync(join(fresh, 'continuo.db'))).toBe(false);
});

test('a path that leads out of the backup is refused', async () => {
  await seed();
  const manifest = await backUp();
  const files = [...manifest.files, { path: 'files/../../x', bytes: 0, sha256: '0'.repeat(64) }];
  writeFileSync(join(target, 'backup.json'), JSON.stringify({ ...manifest, files }));
  await expect(restoreTo(join(folder, 'fresh'))).rejects.toThrow('which this version can read');
});

test('a backup of a newer version is refused', async () => {
  await seed();
  const db = new DatabaseSync(join(dataDir, 'continuo.db'));
  db.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '')");
  db.close();
  await expect(backUp()).rejects.toThrow('was written by a newer version of the server (9999-later)');
});

test('data is replaced only when told, and kept beside', async () => {
  await seed();
  await backUp();
  const store = await open();
  await append(store, 'cnv_1', 'three');
  await store.close();
  await expect(restoreTo(dataDir)).rejects.toThrow('With --force it is replaced');
  const { kept } = await restoreTo(dataDir, { force: true });
  expect(kept).toBe(join(dataDir, 'before-restore-20231114T221320000Z'));
  expect(inspectDatabase(join(dataDir, 'continuo.db'))).toMatchObject({ events: 2 });
  expect(inspectDatabase(join(kept ?? '', 'continuo.db'))).toMatchObject({ events: 3 });
  expect(readFileSync(join(kept ?? '', 'files/aa/bb/one'), 'utf8')).toBe('content of aa/bb/one');
  expect(readFileSync(join(dataDir, 'files/aa/bb/one'), 'utf8')).toBe('content of aa/bb/one');
});

test('a database that cannot be read any more is replaced with force, and kept', async () => {
  await seed();
  await backUp();
  writeFileSync(join(dataDir, 'continuo.db'), 'x'.repeat(9000));
  const { kept } = await restoreTo(dataDir, { force: true });
  expect(readFileSync(join(kept ?? '', 'continuo.db'), 'utf8')).toBe('x'.repeat(9000));
  expect(inspectDatabase(join(dataDir, 'continuo.db'))).toMatchObject({ events: 2 });
});

test('nothing is restored under a running server', async () => {
  await seed();
  await backUp();
  const store = await open();
  await expect(restoreTo(dataDir, { force: true })).rejects.toThrow('stop it first');
  expect(await append(store, 'cnv_1', 'three')).toMatchObject([{ seq: 3 }]);
  await store.close();
});

test('a wrong key is noticed', async () => {
  await seed();
  await backUp({ withoutKey: true });
  const fresh = join(folder, 'fresh');
  await expect(restoreTo(fresh)).rejects.toThrow('The secret key is not the one');
  const wrong = Buffer.alloc(32, 7).toString('base64');
  await expect(restoreTo(fresh, { secretKey: wrong })).rejects.toThrow('The secret key is not the one');
  const right = readFileSync(join(dataDir, 'secret.key'), 'utf8').trim();
  expect(await restoreTo(fresh, { secretKey: right })).toMatchObject({ rightKey: true });
  expect(await restoreTo(fresh, { force: true })).toMatchObject({ rightKey: false });
});
