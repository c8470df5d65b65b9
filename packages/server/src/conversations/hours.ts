import type { WorkspaceSettings } from '../config/config.ts';

export type Hours = NonNullable<WorkspaceSettings['hours']>;

/** A stretch of time: from its first to before its last moment, epoch milliseconds. */
export type Stretch = [from: number, until: number];

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How far apart a zone's clock is looked at: it is changed at most once in this time. */
const PROBE = DAY / 2;

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Kept, because making one takes longer than all else here. */
const clocks = new Map<string, Intl.DateTimeFormat>();

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, clock);
  return clock;
};

/** Milliseconds by which a zone's clock is ahead of UTC at a moment. */
const offsetAt = (timeZone: string, at: number): number => {
  const parts: Record<string, number> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour, minute, second } = parts;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(at / 1000) * 1000;
};

/** The first moment after `from` at which the clock is as at `until`. */
const changeWithin = (timeZone: string, [from, until]: Stretch): number => {
  const after = offsetAt(timeZone, until);
  let [low, high] = [from, until];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timeZone, middle) === after) high = middle;
    else low = middle;
  }
  return high;
};

/** Splits a stretch where the zone's clock is changed. */
const steady = (timeZone: string, [from, until]: Stretch): { stretch: Stretch; offset: number }[] => {
  const found: { stretch: Stretch; offset: number }[] = [];
  let start = from;
  let offset = offsetAt(timeZone, from);
  for (let probe = from; probe < until; probe += PROBE) {
    const next = Math.min(probe + PROBE, until);
    const then = offsetAt(timeZone, next);
    if (then === offset) continue;
    const change = changeWithin(timeZone, [probe, next]);
    found.push({ stretch: [start, change], offset });
    start = change;
    offset = then;
  }
  found.push({ stretch: [start, until], offset });
  return found;
};

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** When it is open on a day, in milliseconds of a clock that is never changed. `day`: days after 1970-01-01. */
const openOn = ({ week, closed }: Hours, day: number): Stretch[] => {
  if (closed.includes(new Date(day * DAY).toISOString().slice(0, 10))) return [];
  // 1970-01-01 was a Thursday.
  const weekday = WEEKDAYS[(day + 4) % 7] ?? 'sun';
  return (week[weekday] ?? []).map(
    ([from, until]): Stretch => [day * DAY + minutesOf(from) * MINUTE, day * DAY + minutesOf(until) * MINUTE],
  );
};

/** Puts together what touches. */
const joined = (stretches: readonly Stretch[]): Stretch[] => {
  const found: Stretch[] = [];
  for (const [from, until] of stretches.toSorted(([one], [other]) => one - other)) {
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else found.push([from, until]);
  }
  return found;
};

/**
 * When it is open between two moments: a moment is open where the brand's own clock shows an open time of an open day.
 * So an hour that the clock skips is not there, and one that it shows twice is open twice.
 *
 * @returns in order, apart from each other, cut off at both ends
 */
export const openBetween = (hours: Hours, within: Stretch): Stretch[] => {
  const found: Stretch[] = [];
  for (const { stretch, offset } of steady(hours.timeZone, within)) {
    const [from, until] = stretch;
    const last = Math.floor((until + offset) / DAY);
    for (let day = Math.floor((from + offset) / DAY); day <= last; day += 1) {
      for (const [opens, closes] of openOn(hours, day)) {
        const open: Stretch = [Math.max(from, opens - offset), Math.min(until, closes - offset)];
        if (open[0] < open[1]) found.push(open);
      }
    }
  }
  return joined(found);
};

/** Whether it is open at a moment. No hours: always. */
export const isOpenAt = (hours: Hours | null, at: number): boolean =>
  hours === null || openBetween(hours, [at, at + 1]).length > 0;

/** What a visitor is told of the hours. */
export interface Opening {
  open: boolean;
  /** When that changes next; null: not within {@link AHEAD} days. */
  changesAt: number | null;
  /** When it is open in the next {@link WEEK} days. */
  week: Stretch[];
}

/** Days of hours that a visitor is shown. */
export const WEEK = 7;
/** Days within which the next change is looked for: company holidays are shorter. */
export const AHEAD = 35;

/** The hours as they are at a moment, and in the week after it. */
export const openingAt = (hours: Hours, at: number): Opening => {
  const end = at + WEEK * DAY;
  const ahead = openBetween(hours, [at, at + AHEAD * DAY]);
  const [next] = ahead;
  const open = next !== undefined && next[0] === at;
  const change = open ? next[1] : next?.[0];
  return {
    open,
    changesAt: change === undefined || change === at + AHEAD * DAY ? null : change,
    week: ahead.flatMap(([from, until]): Stretch[] => (from < end ? [[from, Math.min(until, end)]] : [])),
  };
};
