import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Secrets } from '../config/secrets.ts';
import { type Contents, inspectDatabase, requireDatabase } from './database.ts';
import { copyDurably, digestOf, filesBelow, isAbsent, sync, syncFolders } from './durable.ts';
import { OperationError } from './error.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import { databasePath, NAMES } from './paths.ts';

/** Pages copied at a time: the server's process gets the disk in between. At SQLite's 4 kB a page, 4 MB. */
const PAGES = 1000;

/** What the secret key is derived for, to tell whether a restore has the same one. */
const KEY_CHECK = 'check of a backup';

export const keyCheckOf = (secrets: Secrets): string => secrets.derive(KEY_CHECK);

export interface BackupOptions {
  dataDir: string;
  /** Where the backup comes to lie: a folder, which appears whole or not at all. */
  target: string;
  secrets: Secrets;
  /** Epoch milliseconds. */
  now: () => number;
  /** Replaces a backup that lies there already. @default false */
  replace?: boolean;
  /** Leaves `secret.key` out: it then has to be kept elsewhere. @default false */
  withoutKey?: boolean;
  /** Told of the share of the database that is copied, 0 to 1. */
  onProgress?: (share: number) => void;
}

/**
 * Copies the embedded database, the secret key and the files, while a server may be writing: everything that was
 * acknowledged before the call is in it. The copy is checked before it counts.
 * @throws OperationError when there is nothing to copy, something lies at the target, or the copy is not whole
 */
export async function takeBackup(options: BackupOptions): Promise<Manifest> {
  const target = resolve(options.target);
  requireDatabase(databasePath(options.dataDir));
  if (existsSync(target) && options.replace !== true)
    throw new OperationError([`${target} exists: name another folder, or replace it with --force`]);
  const draft = `${target}.partial-${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const manifest = await fill(draft, options);
    await putInPlace(draft, target);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function fill(draft: string, options: BackupOptions): Promise<Manifest> {
  const { dataDir, secrets } = options;
  const takenAt = new Date(options.now()).toISOString();
  const contents = await copyDatabase(join(draft, NAMES.database), options);
  const files: Manifest['files'] = [
    { path: NAMES.database, ...(await digestOf(join(draft, NAMES.database))) },
  ];
  const keys = options.withoutKey === true ? [] : [NAMES.key];
  // Files after the database: one that a row names was stored before the row.
  const stored = (await filesBelow(join(dataDir, NAMES.files)))
    .filter((path) => !path.startsWith('.'))
    .map((path) => `${NAMES.files}/${path}`);
  for (const path of [...keys, ...stored]) {
    const copied = await copyIfThere(join(dataDir, path), join(draft, path));
    if (copied) files.push({ path, ...copied });
  }
  const manifest: Manifest = { format: 1, takenAt, ...contents, keyCheck: keyCheckOf(secrets), files };
  await writeManifest(draft, manifest);
  await syncFolders(draft);
  return manifest;
}

async function copyIfThere(from: string, to: string) {
  try {
    return await copyDurably(from, to);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * SQLite's online backup, on a connection that holds one snapshot: without it the copy begins anew with each write of
 * another process, and under load may never end.
 */
async function copyDatabase(copy: string, { dataDir, onProgress }: BackupOptions): Promise<Contents> {
  const source = new DatabaseSync(databasePath(dataDir), { readOnly: true, timeout: 5000 });
  await writeFile(copy, '', { mode: 0o600, flag: 'wx' });
  try {
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await backup(source, copy, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => onProgress?.(1 - remainingPages / totalPages),
    });
  } finally {
    source.close();
  }
  return settle(copy);
}

/** Makes the copy one file that needs no companions, on the disk, and checks it. */
async function settle(copy: string): Promise<Contents> {
  const db = new DatabaseSync(copy);
  try {
    db.exec('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
  const contents = inspectDatabase(copy);
  await sync(copy);
  return contents;
}

async function putInPlace(draft: string, target: string): Promise<void> {
  const old = `${draft}.old`;
  const replaced = existsSync(target);
  if (replaced) await rename(target, old);
  try {
    await rename(draft, target);
  } catch (error) {
    if (replaced) await rename(old, target);
    throw error;
  }
  await sync(dirname(target));
  if (replaced) await rm(old, { recursive: true, force: true });
}
