import { performance } from 'node:perf_hooks';
import { type Percentiles, percentiles } from '../statistics.ts';
import { inTurns, type System } from '../system.ts';

export interface FanOut {
  system: string;
  readers: number;
  /** From the moment a message is sent to the moment the last reader has it, milliseconds. */
  last: Percentiles;
  /** To the moment the first has it. */
  first: Percentiles;
  /** Processor time of the system for one reader of one message, microseconds. */
  cpuPerReader: number;
  /** The same of this process, which holds all the readers: it has a part in `last`. */
  generatorPerReader: number;
}

const ownCpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** One conversation with many readers: how long until all have a message. */
export const measureFanOut = async (
  system: System,
  { readers: count, messages, warmUp }: { readers: number; messages: number; warmUp: number },
): Promise<FanOut> => {
  const [writer] = await system.openWriters(1);
  if (!writer) throw new Error('a writer');
  const readers = await inTurns(Array.from({ length: count }), () => system.openReader(writer));
  const first: number[] = [];
  const last: number[] = [];
  const send = async (sent: number): Promise<void> => {
    for (const message of writer.prepare(sent)) {
      const arrivals = readers.map((reader) => reader.arrival(message.id));
      const start = performance.now();
      await writer.send(message);
      const times = await Promise.all(arrivals);
      first.push(Math.min(...times) - start);
      last.push(Math.max(...times) - start);
    }
  };
  await send(warmUp);
  const before = { system: await system.cpu(), own: ownCpu() };
  await send(messages);
  const own = ownCpu() - before.own;
  const used = (await system.cpu()) - before.system;
  for (const reader of readers) reader.close();
  writer.close();
  return {
    system: system.name,
    readers: count,
    first: percentiles(first.slice(warmUp)),
    last: percentiles(last.slice(warmUp)),
    cpuPerReader: used / messages / count,
    generatorPerReader: own / messages / count,
  };
};
