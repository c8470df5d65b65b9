import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './results.ts';

/** Of a package that npm installed, whether or not it lets its package.json be asked for. */
export const packageVersion = (name: string): string => {
  const file = join(import.meta.dirname, '../../node_modules', name, 'package.json');
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
