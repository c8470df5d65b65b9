import type { Idle, Memory } from '../system.ts';

/** Bytes for one open connection on which nothing happens. */
export interface PerConnection {
  rss: number;
  /** Null where there is no such thing to ask. */
  heap: number | null;
}

export interface IdleMemory {
  system: string;
  connections: number;
  /** How many were open at the first reading. */
  first: number;
  /** Growth from none to all of them, for each. */
  all: PerConnection;
  /** Growth beyond the first step, for each; null where there was one step only. */
  further: PerConnection | null;
}

const per = (connections: number, before: Memory, after: Memory): PerConnection => ({
  rss: (after.rss - before.rss) / connections,
  heap: after.heap === null || before.heap === null ? null : (after.heap - before.heap) / connections,
});

/**
 * What the process grows by while connections are open and at rest.
 * @param steps how many are open at each reading, rising: what the first ones cost has the growth of pools in it
 */
export const measureIdle = async (idle: Idle, steps: readonly number[]): Promise<IdleMemory> => {
  const readings: { open: number; memory: Memory }[] = [{ open: 0, memory: await idle.memory() }];
  for (const step of steps) {
    await idle.open(step - (readings.at(-1)?.open ?? 0));
    readings.push({ open: step, memory: await idle.memory() });
  }
  const [none, first] = readings;
  const last = readings.at(-1);
  if (!none || !first || !last) throw new Error('a step');
  return {
    system: idle.name,
    connections: last.open,
    first: first.open,
    all: per(last.open, none.memory, last.memory),
    further: last === first ? null : per(last.open - first.open, first.memory, last.memory),
  };
};
