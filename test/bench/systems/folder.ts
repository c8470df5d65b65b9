import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kept = new Set<string>();
process.on('exit', () => {
  for (const path of kept) rmSync(path, { recursive: true, force: true });
});

/** A folder of its own for a system's files: all on the same disk. It is gone with this process at the latest. */
export const makeFolder = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'continuo-bench-'));
  kept.add(path);
  return {
    path,
    async remove() {
      kept.delete(path);
      await rm(path, { recursive: true, force: true });
    },
  };
};
