import type { Runtime } from '../runtime.ts';

/** A worker in the background. */
export interface Worker {
  start(): void;
  /** There may be something to do: look now. */
  wake(): void;
  /** Finishes what is under way and takes nothing more. */
  close(): Promise<void>;
}

interface WorkLoop {
  /** Named in logs. */
  name: string;
  /** Does what is due, or starts it. @returns when something is due next (epoch ms), null when nothing is */
  turn(): Promise<number | null>;
  /** Resolves when nothing that a turn started is under way. */
  idle(): Promise<void>;
}

/** Longest rest: what another process on the same database planned is found by then. */
const LONGEST_REST_MS = 5000;
/** Rest after a turn that threw: the disk may be full, the database locked. */
const REST_AFTER_ERROR_MS = 1000;

/** Turns one after another, each when something is due or somebody called. */
export const createWorkLoop = (
  { now, log }: Pick<Runtime, 'now' | 'log'>,
  { name, turn, idle }: WorkLoop,
): Worker => {
  let timer: NodeJS.Timeout | null = null;
  let turning: Promise<void> | null = null;
  let called = false;
  let open = false;

  const rest = async (): Promise<number> => {
    try {
      const next = await turn();
      return next === null ? LONGEST_REST_MS : Math.min(LONGEST_REST_MS, Math.max(0, next - now()));
    } catch (error) {
      log.error({ err: error, worker: name }, 'a worker failed');
      return REST_AFTER_ERROR_MS;
    }
  };

  const run = async (): Promise<void> => {
    do {
      called = false;
      const ms = await rest();
      if (!called && open) timer = setTimeout(begin, ms).unref();
    } while (called && open);
    turning = null;
  };

  const begin = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    called = true;
    if (open) turning ??= run();
  };

  return {
    start() {
      open = true;
      begin();
    },
    wake: begin,
    async close() {
      open = false;
      if (timer) clearTimeout(timer);
      await turning;
      await idle();
    },
  };
};
