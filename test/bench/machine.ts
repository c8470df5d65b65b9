import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, type } from 'node:os';
import type { Machine } from './results.ts';

const packageVersion = (name: string): string => {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return String(version);
};

/** This machine, before the run. */
export const describeMachine = (): Machine => ({
  at: new Date().toISOString(),
  processor: cpus()[0]?.model.trim() ?? 'unknown processor',
  processors: availableParallelism(),
  kernel: `${type()} ${release()}`,
  versions: { Node: process.version.slice(1), 'Socket.IO': packageVersion('socket.io') },
  loadBefore: loadavg()[0] ?? 0,
  loadAfter: 0,
  seconds: 0,
});
