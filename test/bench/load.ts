import { performance } from 'node:perf_hooks';

/** What the processors did while something was measured: microseconds of each party, of `elapsed` on each processor. */
export interface Shares {
  /** Of one processor, 0 to the number of processors. */
  system: number;
  /** Null where there is no database, or its processes cannot be seen. */
  database: number | null;
  /** Of this process, which makes the load. */
  generator: number;
}

/** Where processor time is read off, microseconds since some start. */
export interface Meters {
  system: () => Promise<number>;
  database: () => number | null;
}

const ownCpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

export interface Measured<T> {
  result: T;
  seconds: number;
  /** Microseconds. */
  cpu: Shares;
}

const difference = (after: number | null, before: number | null): number | null =>
  after === null || before === null ? null : after - before;

/** Runs `work` and tells what it cost. */
export const meter = async <T>(
  { system, database }: Meters,
  work: () => Promise<T>,
): Promise<Measured<T>> => {
  const before = { system: await system(), database: database(), generator: ownCpu() };
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const generator = ownCpu() - before.generator;
  return {
    result,
    seconds,
    cpu: {
      system: (await system()) - before.system,
      database: difference(database(), before.database),
      generator,
    },
  };
};

/** Something that is asked again and again, each time when the last was answered. */
export interface Asker<Request = unknown> {
  prepare(count: number): Request[];
  send(request: Request): Promise<void>;
}

/** Sends what was prepared until it is used up or the time is over. @returns how many were answered */
const ask = async <Request>(
  asker: Asker<Request>,
  requests: readonly Request[],
  until: number,
): Promise<number> => {
  let answered = 0;
  for (const request of requests) {
    if (performance.now() >= until) break;
    await asker.send(request);
    answered++;
  }
  return answered;
};

/** How many more are prepared than the trial promises to need: the rate grows as code gets warm. */
const RESERVE = 1.5;
/** Requests that are prepared at most; a proof holds for a minute and costs some 60 µs. */
const MOST = 40_000;

export interface Rate {
  perSecond: number;
  /** Microseconds of processor for each. */
  cpu: Shares;
  /** Processors that were busy with it, of each party. */
  busy: Shares;
}

/** Askers who ask at the same time, and what serves them. */
export interface Party<Request = unknown> {
  askers: readonly Asker<Request>[];
  meters: Meters;
}

/** Sends at most `each` requests of each asker, for at most so many seconds. */
const round = async <Request>(
  { askers, meters }: Party<Request>,
  each: number,
  seconds: number,
): Promise<Rate> => {
  const prepared = askers.map((asker) => asker.prepare(each));
  const measured = await meter(meters, async () => {
    const until = performance.now() + seconds * 1000;
    const counts = await Promise.all(askers.map((asker, index) => ask(asker, prepared[index] ?? [], until)));
    return counts.reduce((sum, count) => sum + count, 0);
  });
  const { result, seconds: elapsed, cpu } = measured;
  return { perSecond: result / elapsed, cpu: share(cpu, result), busy: share(cpu, elapsed * 1e6) };
};

const share = ({ system, database, generator }: Shares, by: number): Shares => ({
  system: system / by,
  database: database === null ? null : database / by,
  generator: generator / by,
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const meanShares = (shares: readonly Shares[]): Shares => {
  const databases = shares.map(({ database }) => database).filter((value) => value !== null);
  return {
    system: mean(shares.map(({ system }) => system)),
    database: databases.length < shares.length ? null : mean(databases),
    generator: mean(shares.map(({ generator }) => generator)),
  };
};

/** Enough for a trial that also warms up. */
const TRIAL = 400;

/**
 * Requests a second of each party, alone, by turns: what else the machine does hits all alike.
 * @param options.seconds in all, of each party
 */
export const measureRates = async <Request>(
  parties: readonly Party<Request>[],
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<Rate[]> => {
  const long = seconds / rounds;
  const measured = parties.map((): Rate[] => []);
  const expected: number[] = [];
  for (const party of parties) {
    const trial = await round(party, Math.max(4, Math.ceil(TRIAL / party.askers.length)), long);
    expected.push(trial.perSecond);
  }
  for (let turn = 0; turn < rounds; turn++) {
    for (const [index, party] of parties.entries()) {
      const needed = Math.min((expected[index] ?? 0) * long * RESERVE, MOST);
      const rate = await round(party, Math.ceil(needed / party.askers.length), long);
      expected[index] = rate.perSecond;
      measured[index]?.push(rate);
    }
  }
  return measured.map((rates) => ({
    perSecond: mean(rates.map(({ perSecond }) => perSecond)),
    cpu: meanShares(rates.map(({ cpu }) => cpu)),
    busy: meanShares(rates.map(({ busy }) => busy)),
  }));
};
