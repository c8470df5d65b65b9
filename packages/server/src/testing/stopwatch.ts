import { performance } from 'node:perf_hooks';

/** Milliseconds between two looks at the clock. */
const TICK_MS = 5;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * A stopwatch for what this process does. It leaves out the time in which a busy machine let the process stand still, where
 * nothing in it could have come sooner; what the process itself computed counts.
 *
 * @returns how to stop it, which gives the milliseconds
 */
export const startStopwatch = (): (() => number) => {
  let counted = 0;
  let at = performance.now();
  let cpu = cpuMs();
  const look = () => {
    const now = performance.now();
    const used = cpuMs();
    counted += Math.min(now - at, Math.max(2 * TICK_MS, used - cpu));
    at = now;
    cpu = used;
  };
  const timer = setInterval(look, TICK_MS).unref();
  return () => {
    clearInterval(timer);
    look();
    return counted;
  };
};
