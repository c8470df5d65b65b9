import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Forces a file's content, or a folder's names, to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file's size, and SHA-256 in hex. */
export interface Digest {
  bytes: number;
  sha256: string;
}

const createMeter = () => {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { meter, digest: (): Digest => ({ bytes, sha256: hash.digest('hex') }) };
};

/** Copies a file to a new one, readable by its owner only, and forces it to the disk. */
export async function copyDurably(from: string, to: string): Promise<Digest> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const { meter, digest } = createMeter();
  await pipeline(createReadStream(from), meter, createWriteStream(to, { mode: 0o600, flags: 'wx' }));
  await sync(to);
  return digest();
}

export async function digestOf(path: string): Promise<Digest> {
  const { meter, digest } = createMeter();
  meter.resume();
  await pipeline(createReadStream(path), meter);
  return digest();
}

/** Paths of all files below a folder, relative to it, sorted; none where there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** Forces the names in a folder, and in all folders below it, to the disk. */
export async function syncFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
  await sync(folder);
}

/** Whether a file or folder was not there. */
export const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
