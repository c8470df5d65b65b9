import type { Tabs } from '../environment/tabs.ts';

/** A tab has the lock for one request. One that is frozen may keep it for ever: then others go on without. */
const PATIENCE_MS = 5000;
/** Once that has happened, until the lock is free again. */
const LITTLE_PATIENCE_MS = 500;

export interface TurnsOptions {
  tabs: Tabs | undefined;
  /** The lock's name. */
  name: string;
  /** Ends the waiting. */
  signal: AbortSignal;
  /** What a turn is for; true: another turn, please. */
  run(): Promise<boolean>;
}

/** Runs something one at a time in all tabs; at once in two only where a tab does not let go. Gives how to ask for a turn. */
export const createTurns = ({ tabs, name, signal, run }: TurnsOptions) => {
  let patience = PATIENCE_MS;
  let isRunning = false;
  let isWanted = false;

  /** Resolves when it is this tab's turn; gives how to end it. */
  const wait = () =>
    new Promise<() => void>((resolve) => {
      if (!tabs) return resolve(() => {});
      const waiting = new AbortController();
      const giveUp = () => {
        waiting.abort();
        resolve(() => {});
      };
      const timer = setTimeout(() => {
        patience = LITTLE_PATIENCE_MS;
        giveUp();
      }, patience);
      signal.addEventListener('abort', giveUp, { signal: waiting.signal });
      const hold = () => {
        clearTimeout(timer);
        if (waiting.signal.aborted) return Promise.resolve();
        // Has no effect on a lock that is held.
        waiting.abort();
        patience = PATIENCE_MS;
        return new Promise<void>((end) => resolve(end));
      };
      tabs.lock(name, hold, waiting.signal).catch(() => {
        clearTimeout(timer);
        giveUp();
      });
    });

  const runAll = async () => {
    while (isWanted && !signal.aborted) {
      isWanted = false;
      const end = await wait();
      if (!signal.aborted && (await run().catch(() => false))) isWanted = true;
      end();
    }
    isRunning = false;
  };

  return (): void => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    void runAll();
  };
};
