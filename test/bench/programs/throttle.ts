/**
 * Gives processes a part of a processor: who has used more than it was given so far is held (`SIGSTOP`) until it has not.
 * What counts is what it used and not when, so that nobody loses the time in which it waits for an answer.
 * `throttle.ts <share> <pid>…`
 */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { answerParent } from './answer.ts';

const [text = '1', ...pids] = process.argv.slice(2);
const share = Number(text);
/** Milliseconds between two looks. */
const PERIOD = 4;
/** Milliseconds of its part that a process may save up or owe, so that an idle one cannot rush ahead. */
const MOST = 20;

/** Milliseconds that all threads of a process have run: `schedstat` counts nanoseconds (proc(5)). */
const usedBy = (pid: string): number => {
  let used = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    used += Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1'), 10);
  return used / 1e6;
};

const createHeld = (pid: string) => {
  let used = usedBy(pid);
  let left = 0;
  let stopped = false;
  const stop = (now: boolean): void => {
    if (now === stopped) return;
    stopped = now;
    process.kill(Number(pid), now ? 'SIGSTOP' : 'SIGCONT');
  };
  return {
    look(elapsed: number): void {
      try {
        const before = used;
        used = usedBy(pid);
        left = Math.min(left + elapsed * share - (used - before), MOST * share);
        stop(left < 0);
      } catch {
        // It or a thread of it has ended meanwhile: the next look tells.
      }
    },
    release(): void {
      try {
        stop(false);
      } catch {
        // It has ended: nothing is left to be held.
      }
    },
  };
};

const held = pids.map(createHeld);
let last = performance.now();

setInterval(() => {
  const now = performance.now();
  for (const { look } of held) look(now - last);
  last = now;
}, PERIOD);

const release = (): void => {
  for (const one of held) one.release();
};

process.on('exit', release);
answerParent({ close: release });
