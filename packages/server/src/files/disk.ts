import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type ByteRange,
  type Bytes,
  checkId,
  checkType,
  clampRange,
  type FileContent,
  type FileHead,
  type FileStore,
  limitBytes,
} from './files.ts';

/*
 * A file begins with a line that tells its media type, so that both come into place in one step; what was stored
 * follows. Names are ids, in two levels of folders by the id's hash, so that no folder grows beyond what tools can list.
 */

/** Bytes of the longest first line: a type has at most 255 characters. */
const FIRST_LINE = 512;
const NEWLINE = 0x0a;
/** Milliseconds after which nobody writes a draft any more. */
const DRAFT_MS = 24 * 60 * 60 * 1000;

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * Files in a folder of this machine.
 * @param options.folder is made where it does not exist
 * @param options.now epoch milliseconds
 */
export function createDiskFiles({ folder, now }: { folder: string; now: () => number }): FileStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeOldDrafts(folder, now());
  const pathOf = (id: string): string => {
    const hash = createHash('sha256').update(checkId(id)).digest('hex');
    return join(folder, hash.slice(0, 2), hash.slice(2, 4), id);
  };
  return {
    async put(id, bytes, { type, maxBytes }) {
      const path = pathOf(id);
      const draft = join(folder, `.${id}.${randomBytes(6).toString('hex')}`);
      const firstLine = `${checkType(type)}\n`;
      try {
        const size = await write(draft, firstLine, limitBytes(bytes, maxBytes));
        await moveIntoPlace(draft, path);
        return { size, type };
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    get: (id, range) => read(pathOf(id), range),
    async head(id) {
      const opened = await openFile(pathOf(id));
      await opened?.handle.close();
      return opened ? opened.head : null;
    },
    async delete(id) {
      const path = pathOf(id);
      await rm(path, { force: true });
      await syncFolder(dirname(path));
    },
  };
}

/** @returns bytes after the first line, forced to the disk */
async function write(path: string, firstLine: string, bytes: Bytes): Promise<number> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.write(firstLine);
    let size = 0;
    for await (const chunk of bytes) {
      await handle.writeFile(chunk);
      size += chunk.byteLength;
    }
    await handle.sync();
    return size;
  } finally {
    await handle.close();
  }
}

/** With every folder on the way, forced to the disk. */
async function moveIntoPlace(draft: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(draft, path);
  await syncFolder(folder);
  if (made === undefined) return;
  await syncFolder(dirname(folder));
  await syncFolder(dirname(dirname(folder)));
}

async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

interface Opened {
  handle: FileHandle;
  head: FileHead;
  /** Bytes of the first line. */
  offset: number;
}

async function openFile(path: string): Promise<Opened | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(FIRST_LINE), position: 0 });
    const offset = buffer.subarray(0, bytesRead).indexOf(NEWLINE) + 1;
    if (offset === 0) throw new Error(`${path} was not written by this server`);
    const { size } = await handle.stat();
    return { handle, offset, head: { size: size - offset, type: buffer.toString('latin1', 0, offset - 1) } };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function read(path: string, range: ByteRange | undefined): Promise<FileContent | null> {
  const opened = await openFile(path);
  if (!opened) return null;
  const { handle, head, offset } = opened;
  try {
    const { start, end } = range ? clampRange(range, head.size) : { start: 0, end: head.size - 1 };
    if (end >= start)
      return { ...head, bytes: handle.createReadStream({ start: offset + start, end: offset + end }) };
    await handle.close();
    return { ...head, bytes: Readable.from([]) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Removes what processes that were killed left behind. */
function removeOldDrafts(folder: string, now: number): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('.'))) {
    const path = join(folder, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) < now - DRAFT_MS)
      rmSync(path, { force: true });
  }
}
