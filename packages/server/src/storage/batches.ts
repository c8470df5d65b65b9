/** Jobs gathered while the last batch was under way, run together. */
export interface Batches<Job> {
  add(job: Job): void;
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>;
}

/** Jobs in one batch, so that the first of a flood does not wait for all of it. */
const MAX_BATCH = 512;

const takeMost = <Job>(queue: readonly Job[]): number => Math.min(queue.length, MAX_BATCH);

/**
 * Runs jobs in batches, one batch at a time. A job added to an idle queue starts in the next turn of the event loop,
 * so that everything that arrives in this turn shares its batch.
 *
 * @param run must not throw: it tells each job how it ended
 * @param take how many of the waiting jobs, from the first on, go into the next batch. @default 512 at most
 */
export const createBatches = <Job>(
  run: (jobs: readonly Job[]) => Promise<void>,
  take: (queue: readonly Job[]) => number = takeMost,
): Batches<Job> => {
  let queue: Job[] = [];
  let busy = false;
  let idlers: (() => void)[] = [];

  const turn = async (): Promise<void> => {
    const count = take(queue);
    const jobs = queue.slice(0, count);
    queue = queue.slice(count);
    await run(jobs);
    if (queue.length > 0) {
      setImmediate(turn);
      return;
    }
    busy = false;
    for (const resolve of idlers) resolve();
    idlers = [];
  };

  return {
    add(job) {
      queue.push(job);
      if (busy) return;
      busy = true;
      setImmediate(turn);
    },
    idle: () => (busy ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  };
};
