import { measureRates, type Rate } from '../load.ts';
import type { Postgres } from '../postgres.ts';
import type { System } from '../system.ts';

export interface Throughput extends Rate {
  system: string;
  writers: number;
}

/**
 * Acknowledged messages a second: each writer has a conversation and a connection of its own, and sends its next message
 * when the last one was acknowledged. The systems take turns.
 */
export const measureThroughput = async (
  systems: readonly System[],
  { writers, seconds, postgres }: { writers: number; seconds: number; postgres: Postgres },
): Promise<Throughput[]> => {
  const parties = [];
  for (const system of systems)
    parties.push({
      askers: await system.openWriters(writers),
      meters: { system: system.cpu, database: postgres.cpu },
    });
  const rates = await measureRates(parties, { seconds, rounds: 2 });
  for (const { askers } of parties) for (const writer of askers) writer.close();
  return systems.flatMap(({ name }, index) => {
    const rate = rates[index];
    return rate ? [{ system: name, writers, ...rate }] : [];
  });
};
