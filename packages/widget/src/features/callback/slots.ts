import type { WebChannel } from '../../view/model.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Between two times that are offered. */
export const STEP = 30 * MINUTE;
/** Nobody can call sooner than after this time. */
const SOONEST = 10 * MINUTE;
/** Days for which times are offered. */
const AHEAD = 5 * DAY;

/** Half hours of the next days at which somebody is there. */
export const slotsOf = (hours: WebChannel['hours'], now: number): number[] => {
  const stretches = hours?.week ?? [[now, now + AHEAD]];
  return stretches.flatMap(([from, until]) => {
    const first = Math.ceil(Math.max(from ?? 0, now + SOONEST) / STEP) * STEP;
    const end = Math.min(until ?? 0, now + AHEAD);
    return Array.from({ length: Math.max(0, Math.ceil((end - first) / STEP)) }, (_, n) => first + n * STEP);
  });
};
