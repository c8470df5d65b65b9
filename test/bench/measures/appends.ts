import { meter, type Shares } from '../load.ts';
import type { Postgres } from '../postgres.ts';
import { startProgram } from '../processes.ts';
import { makeFolder } from '../systems/folder.ts';

export interface Appends {
  engine: 'sqlite' | 'postgres';
  writers: number;
  perSecond: number;
  /** Processors that were busy with it. */
  busy: Shares;
}

const WARM_UP_MS = 500;

const measureEngine = async (
  engine: Appends['engine'],
  place: string,
  { writers, seconds, postgres }: { writers: readonly number[]; seconds: number; postgres: Postgres },
): Promise<Appends[]> => {
  const program = await startProgram('programs/append.ts', [engine, place]);
  const meters = { system: () => program.ask<number>('cpu'), database: postgres.cpu };
  const results: Appends[] = [];
  for (const count of writers) {
    await program.ask(`appends ${count} ${WARM_UP_MS}`);
    const {
      result,
      cpu,
      seconds: elapsed,
    } = await meter(meters, () => program.ask<number>(`appends ${count} ${seconds * 1000}`));
    const share = (microseconds: number) => microseconds / elapsed / 1e6;
    const busy = {
      system: share(cpu.system),
      database: cpu.database === null ? null : share(cpu.database),
      generator: share(cpu.generator),
    };
    results.push({ engine, writers: count, perSecond: result, busy });
  }
  await program.end();
  return results;
};

/** Durable appends a second through the store alone, each writer waiting for its acknowledgement, on both engines. */
export const measureAppends = async (options: {
  writers: readonly number[];
  seconds: number;
  postgres: Postgres;
}): Promise<Appends[]> => {
  const folder = await makeFolder();
  const sqlite = await measureEngine('sqlite', folder.path, options);
  await folder.remove();
  const url = await options.postgres.createDatabase('appends');
  return [...sqlite, ...(await measureEngine('postgres', url, options))];
};
