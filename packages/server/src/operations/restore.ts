import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createSecrets } from '../config/secrets.ts';
import { keyCheckOf } from './backup.ts';
import { inspectDatabase, isUnreadable, openAlone } from './database.ts';
import { copyDurably, isAbsent, sync, syncFolders } from './durable.ts';
import { OperationError } from './error.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { COMPANIONS, databasePath, NAMES } from './paths.ts';

export interface RestoreOptions {
  /** The backup's folder. */
  source: string;
  dataDir: string;
  /** The key that the server is given from outside, where it does not lie in the data folder. */
  secretKey?: string | undefined;
  /** Goes on where there is data already, which is kept beside; and with another key than the backup's. @default false */
  force?: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface Restored {
  manifest: Manifest;
  /** Where the former data was put; null where there was none. */
  kept: string | null;
  /** Whether the key in use is the one that sealed the backup's secrets. */
  rightKey: boolean;
}

/**
 * Puts a backup in the place of the embedded database. Everything is copied and checked first; what was there is then
 * moved aside, and the database takes its place last, in one step. Where that was cut off, running it again completes it.
 * @throws OperationError when the backup is not whole or too new, a server is running, or there is data and no `force`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const source = resolve(options.source);
  const dataDir = resolve(options.dataDir);
  const manifest = await readManifest(source);
  refuseRunning(dataDir);
  const present = [NAMES.database, NAMES.key, NAMES.files].filter((name) => existsSync(join(dataDir, name)));
  if (options.force !== true) await refuseData({ source, dataDir, manifest }, present);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = join(dataDir, '.restore');
  await rm(draft, { recursive: true, force: true });
  try {
    await stage({ source, manifest, draft });
    const rightKey = findKey({ manifest, draft, dataDir, secretKey: options.secretKey });
    if (!rightKey && options.force !== true) throw new OperationError(WRONG_KEY);
    const kept = present.length > 0 ? join(dataDir, `before-restore-${stamp(options.now())}`) : null;
    await swap({ dataDir, draft, kept });
    return { manifest, kept, rightKey };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const WRONG_KEY = [
  'The secret key is not the one that this backup was made under: the accounts of channels could not be read.',
  'Give that one in CONTINUO_SECRET_KEY or as secret.key, or go on with --force and add the channels anew.',
];

/** `20260131T235959000Z` */
const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:.]/g, '');

/** A file that is no database is nobody's. */
function refuseRunning(dataDir: string, path = databasePath(dataDir)): void {
  if (!existsSync(path)) return;
  try {
    openAlone(path).close();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
}

interface Sources {
  source: string;
  dataDir: string;
  manifest: Manifest;
}

/** A key that is the same as the backup's, or the only thing there, is not data that could be lost. */
async function refuseData({ source, dataDir, manifest }: Sources, present: readonly string[]): Promise<void> {
  const inBackup = manifest.files.some(({ path }) => path === NAMES.key);
  const keyOf = (folder: string) => readFile(join(folder, NAMES.key), 'utf8');
  const harmless = async (name: string) =>
    name === NAMES.key && (!inBackup || (await keyOf(dataDir)) === (await keyOf(source)));
  for (const name of present) {
    if (await harmless(name)) continue;
    throw new OperationError([
      `${join(dataDir, name)} exists. With --force it is replaced, and kept in a folder beside.`,
    ]);
  }
}

/** Copies the backup beside its place, and compares every byte with what the manifest says. */
async function stage({
  source,
  manifest,
  draft,
}: {
  source: string;
  manifest: Manifest;
  draft: string;
}): Promise<void> {
  for (const { path, bytes, sha256 } of manifest.files) {
    const copied = await copyListed(join(source, path), join(draft, path));
    if (copied.bytes !== bytes || copied.sha256 !== sha256)
      throw new OperationError([`${join(source, path)} is not what was backed up: it was cut or changed`]);
  }
  if (!existsSync(join(draft, NAMES.database)))
    throw new OperationError([`${source} is not a finished backup: it has no database`]);
  inspectDatabase(join(draft, NAMES.database));
  await syncFolders(draft);
}

async function copyListed(from: string, to: string) {
  try {
    return await copyDurably(from, to);
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
    throw new OperationError([`${from} is missing in the backup`], { cause });
  }
}

/** The key that the server will use: from outside, from the backup, or the one that lies there. */
function findKey(parts: {
  manifest: Manifest;
  draft: string;
  dataDir: string;
  secretKey: string | undefined;
}): boolean {
  const { manifest, draft, dataDir, secretKey } = parts;
  const folder = [draft, dataDir].find((candidate) => existsSync(join(candidate, NAMES.key)));
  if (secretKey === undefined && folder === undefined) return false;
  return keyCheckOf(createSecrets(folder ?? draft, secretKey)) === manifest.keyCheck;
}

interface Swap {
  dataDir: string;
  draft: string;
  kept: string | null;
}

/** The database is never absent from its place: a server that starts then would make an empty one. */
async function swap({ dataDir, draft, kept }: Swap): Promise<void> {
  if (kept !== null) {
    await mkdir(kept, { recursive: true, mode: 0o700 });
    await linkIfThere(join(dataDir, NAMES.key), join(kept, NAMES.key));
    await moveIfThere(join(dataDir, NAMES.files), join(kept, NAMES.files));
    for (const suffix of COMPANIONS)
      await moveIfThere(databasePath(dataDir) + suffix, databasePath(kept) + suffix);
    await linkIfThere(databasePath(dataDir), databasePath(kept));
    await syncFolders(kept);
  }
  await moveIfThere(join(draft, NAMES.key), join(dataDir, NAMES.key));
  await moveIfThere(join(draft, NAMES.files), join(dataDir, NAMES.files));
  await rename(databasePath(draft), databasePath(dataDir));
  await sync(dataDir);
  await sync(dirname(dataDir));
  if (kept !== null) await undoIfTaken(dataDir, kept);
}

/** A server that started in between has the former database open: it gets it back. */
async function undoIfTaken(dataDir: string, kept: string): Promise<void> {
  try {
    refuseRunning(kept);
  } catch (error) {
    for (const name of [NAMES.key, NAMES.files, NAMES.database]) {
      await moveIfThere(join(kept, name), join(dataDir, name));
    }
    throw error;
  }
}

const onlyIfThere = async (act: Promise<void>): Promise<void> => {
  try {
    await act;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
};

const moveIfThere = (from: string, to: string): Promise<void> => onlyIfThere(rename(from, to));
const linkIfThere = (from: string, to: string): Promise<void> => onlyIfThere(link(from, to));
