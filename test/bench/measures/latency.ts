import { performance } from 'node:perf_hooks';
import { type Percentiles, percentiles } from '../statistics.ts';
import type { System } from '../system.ts';

export interface Latency {
  system: string;
  /** How many messages were measured. */
  samples: number;
  /** From the moment a message is sent to the moment the other side's open connection has it, milliseconds. */
  received: Percentiles;
  /** From the same moment to the acknowledgement, milliseconds. */
  acknowledged: Percentiles;
}

/** A system whose writer is its own reader: what was sent comes back. */
export interface Contestant {
  system: System;
  echoes?: boolean;
}

interface Samples {
  received: number[];
  acknowledged: number[];
}

/** Milliseconds after which no new turn begins: on a busy machine there are fewer samples then. */
const LIMIT_MS = 45_000;
/** Messages in a row to one system, before the next one's turn: caches are warm then, and a burst of load hits all. */
const BLOCK = 20;

const openPair = async ({ system, echoes = false }: Contestant) => {
  const [writer] = await system.openWriters(1);
  if (!writer) throw new Error('a writer');
  const reader = echoes ? null : await system.openReader(writer);
  const samples: Samples = { received: [], acknowledged: [] };
  const block = async (): Promise<void> => {
    for (const message of writer.prepare(BLOCK)) {
      const arrival = reader?.arrival(message.id);
      const start = performance.now();
      const acknowledged = writer.send(message).then(() => performance.now());
      const [at, received] = await Promise.all([acknowledged, arrival ?? acknowledged]);
      samples.acknowledged.push(at - start);
      samples.received.push(received - start);
    }
  };
  const close = (): void => {
    reader?.close();
    writer.close();
  };
  return { name: system.name, block, samples, close };
};

/**
 * One message after another, to all systems by turns, so that what else the machine does hits all of them alike.
 * @param options.warmUp and `messages`: of each system, rounded up to whole blocks
 */
export const measureLatency = async (
  contestants: readonly Contestant[],
  { warmUp, messages }: { warmUp: number; messages: number },
): Promise<Latency[]> => {
  const pairs = await Promise.all(contestants.map(openPair));
  const end = performance.now() + LIMIT_MS;
  for (let done = 0; done < warmUp + messages && performance.now() < end; done += BLOCK) {
    for (const { block } of pairs) await block();
  }
  return pairs.map(({ name, samples, close }) => {
    close();
    const received = samples.received.slice(warmUp);
    return {
      system: name,
      samples: received.length,
      received: percentiles(received),
      acknowledged: percentiles(samples.acknowledged.slice(warmUp)),
    };
  });
};
