/**
 * Gives processes a part of a processor: each runs for the share of every period and is held (`SIGSTOP`) for the rest,
 * one after another and not at the same time. `throttle.ts <share> <pid>…`
 */
import { answerParent } from './answer.ts';

const [share = '1', ...pids] = process.argv.slice(2);
/** Milliseconds. Shorter ones cannot be kept by timers of a millisecond. */
const PERIOD = 20;
const runs = Number(share) * PERIOD;

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended: nothing is left to be held.
  }
};

const timers = pids.map((text, index) => {
  const pid = Number(text);
  const turn = (): void => {
    signal(pid, 'SIGCONT');
    setTimeout(() => signal(pid, 'SIGSTOP'), runs);
  };
  const offset = (index * PERIOD) / pids.length;
  return { pid, timer: setTimeout(() => setInterval(turn, PERIOD), offset) };
});

const release = (): void => {
  for (const { pid } of timers) signal(pid, 'SIGCONT');
};

process.on('exit', release);
answerParent({ close: release });
