import type { Call } from './strace.ts';

/** What a disk keeps whole, in bytes: a sector. Of a write without a sync any sectors may be there, and others not. */
const SECTOR = 512;

type Change = { at: number; data: Buffer } | { size: number };

interface DiskFile {
  /** What is certainly there. */
  synced: Buffer;
  /** What may be there, in order. */
  changes: Change[];
}

/** Which of what was not synced survived. */
export type Luck = (what: 'sector' | 'size' | 'name') => boolean;

/** A disk that keeps what was synced, and of the rest what luck leaves. */
export interface Disk {
  apply(call: Call): void;
  /** What is found when the power is back, by path. */
  survivors(luck: Luck): Map<string, Buffer>;
}

const sectorsOf = ({ at, data }: { at: number; data: Buffer }): { at: number; data: Buffer }[] => {
  const sectors: { at: number; data: Buffer }[] = [];
  for (let from = 0; from < data.length; ) {
    const to = Math.min(data.length, from + SECTOR - ((at + from) % SECTOR));
    sectors.push({ at: at + from, data: data.subarray(from, to) });
    from = to;
  }
  return sectors;
};

/** What becomes of a file when of these changes those parts survive that luck leaves. */
const changed = (bytes: Buffer, changes: readonly Change[], luck: Luck): Buffer => {
  const most = Math.max(
    bytes.length,
    ...changes.map((one) => ('size' in one ? one.size : one.at + one.data.length)),
  );
  const result = Buffer.alloc(most);
  bytes.copy(result);
  let size = bytes.length;
  const resize = (to: number): void => {
    result.fill(0, to, Math.max(size, to));
    size = to;
  };
  const write = ({ at, data }: { at: number; data: Buffer }): void => {
    data.copy(result, at);
    size = Math.max(size, at + data.length);
  };
  for (const change of changes) {
    if ('data' in change)
      sectorsOf(change)
        .filter(() => luck('sector'))
        .forEach(write);
    else if (luck('size')) resize(change.size);
  }
  return result.subarray(0, size);
};

/**
 * A folder on a disk that promises no more than POSIX: what a file holds is there when the file was synced, and that it
 * is there at all, or no more, when its folder was.
 * @param before what the folder held, certainly, at the start
 */
export const createDisk = (folder: string, before: ReadonlyMap<string, Buffer>): Disk => {
  const files = new Map<string, DiskFile>();
  /** Names that were made or taken away since the folder was synced. */
  const unsure = new Map<string, 'made' | 'gone'>();
  for (const [path, synced] of before) files.set(path, { synced, changes: [] });

  const fileOf = (path: string): DiskFile => {
    const file = files.get(path) ?? { synced: Buffer.alloc(0), changes: [] };
    files.set(path, file);
    return file;
  };
  const syncFolder = (): void => {
    for (const [path, what] of unsure) if (what === 'gone') files.delete(path);
    unsure.clear();
  };
  const sync = (path: string): void => {
    if (path === folder) {
      syncFolder();
      return;
    }
    const file = fileOf(path);
    file.synced = changed(file.synced, file.changes, () => true);
    file.changes = [];
  };
  const change = (call: Call): void => {
    if (call.do === 'write') fileOf(call.path).changes.push({ at: call.at, data: call.data });
    if (call.do === 'truncate') fileOf(call.path).changes.push({ size: call.size });
    if (call.do === 'remove' && files.has(call.path)) unsure.set(call.path, 'gone');
    if (call.do === 'create' && !files.has(call.path)) {
      fileOf(call.path);
      unsure.set(call.path, 'made');
    }
    if (call.do === 'rename') throw new Error(`${call.path} was renamed: nothing here knows what that means`);
  };

  return {
    apply(call) {
      if (call.do === 'send' || !(call.path === folder || call.path.startsWith(`${folder}/`))) return;
      if (call.do === 'sync') sync(call.path);
      else change(call);
    },
    survivors(luck) {
      const found = new Map<string, Buffer>();
      for (const [path, file] of files) {
        const what = unsure.get(path);
        const isThere = what === undefined || luck('name') === (what === 'made');
        if (isThere) found.set(path, changed(file.synced, file.changes, luck));
      }
      return found;
    },
  };
};
