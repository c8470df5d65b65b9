import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Hours, isOpenAt, openBetween, openingAt, type Stretch } from './hours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const WORKDAY: [string, string][] = [['09:00', '17:30']];

const hoursIn = (timeZone: string, more: Partial<Hours> = {}): Hours => ({
  timeZone,
  week: { mon: WORKDAY, tue: WORKDAY, wed: WORKDAY, thu: WORKDAY, fri: WORKDAY },
  closed: [],
  ...more,
});

/** Asks the clock of the zone at each minute. */
const naive = ({ timeZone, week, closed }: Hours, [from, until]: Stretch): Stretch[] => {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    calendar: 'gregory',
  });
  const found: Stretch[] = [];
  for (let at = from; at < until; at += MINUTE) {
    const shown = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = DAYS.find((one) => one === shown.weekday?.toLowerCase()) ?? 'mon';
    const time = `${shown.hour}:${shown.minute}`;
    const isOpen =
      !closed.includes(`${shown.year}-${shown.month}-${shown.day}`) &&
      (week[day] ?? []).some(([opens, closes]) => opens <= time && time < closes);
    if (!isOpen) continue;
    const last = found.at(-1);
    if (last?.[1] === at) last[1] = at + MINUTE;
    else found.push([at, at + MINUTE]);
  }
  return found;
};

/** Around changes of the clock, and days without one. */
const STARTS = {
  'Europe/Berlin': ['2026-03-28T20:00Z', '2026-10-24T20:00Z', '2026-12-24T00:00Z'],
  'America/New_York': ['2026-03-07T22:00Z', '2026-10-31T22:00Z'],
  'Asia/Tehran': ['2026-03-20T12:00Z', '2022-03-21T12:00Z'],
  'Asia/Kolkata': ['2026-06-01T00:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T06:00Z'],
};

const range = fc
  .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 }))
  .filter(([from, until]) => from < until)
  .map((ends): [string, string] => {
    const [from = '', until = ''] = ends.map(
      (quarter) =>
        `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`,
    );
    return [from, until];
  });

const days = fc.array(range, { maxLength: 2 });
const weeks = fc.record({ mon: days, tue: days, wed: days, thu: days, fri: days, sat: days, sun: days });
const closings = fc.subarray(['2026-03-29', '2026-10-25', '2026-12-25', '2026-06-02']);

test.each(Object.entries(STARTS))(
  'the hours of %s are what a walk by the minute finds',
  (timeZone, starts) => {
    fc.assert(
      fc.property(
        weeks,
        closings,
        fc.tuple(fc.constantFrom(...starts), fc.integer({ min: 0, max: 120 })),
        (week, closed, [start, shift]) => {
          const hours: Hours = { timeZone, week, closed };
          const from = Date.parse(start) + shift * MINUTE;
          const within: Stretch = [from, from + 40 * HOUR];
          expect(openBetween(hours, within)).toEqual(naive(hours, within));
        },
      ),
      { numRuns: 12 },
    );
  },
);

test('on a Friday evening it opens on Monday morning, by the brand’s clock', () => {
  const evening = Date.parse('2026-11-20T18:00:00+01:00');
  const { open, changesAt, week } = openingAt(hoursIn('Europe/Berlin'), evening);
  expect(open).toBe(false);
  expect(changesAt).toBe(Date.parse('2026-11-23T09:00:00+01:00'));
  expect(week).toHaveLength(5);
});

test('while it is open, it says when it closes', () => {
  const morning = Date.parse('2026-11-20T09:00:00+01:00');
  const { open, changesAt } = openingAt(hoursIn('Europe/Berlin'), morning);
  expect(open).toBe(true);
  expect(changesAt).toBe(Date.parse('2026-11-20T17:30:00+01:00'));
});

test('holidays are closed, however many', () => {
  const closed = [
    '2026-12-24',
    '2026-12-25',
    '2026-12-28',
    '2026-12-29',
    '2026-12-30',
    '2026-12-31',
    '2027-01-01',
  ];
  const eve = Date.parse('2026-12-23T18:00:00+01:00');
  const { changesAt, week } = openingAt(hoursIn('Europe/Berlin', { closed }), eve);
  expect(changesAt).toBe(Date.parse('2027-01-04T09:00:00+01:00'));
  expect(week).toEqual([]);
});

test('nights through midnight are one stretch; open all week, nothing changes', () => {
  const night: [string, string][] = [
    ['00:00', '04:00'],
    ['22:00', '24:00'],
  ];
  const bar = hoursIn('Asia/Kolkata', { week: { fri: night, sat: night } });
  const [, stretch] = openBetween(bar, [
    Date.parse('2026-11-20T00:00:00+05:30'),
    Date.parse('2026-11-22T00:00:00+05:30'),
  ]);
  expect(stretch).toEqual([Date.parse('2026-11-20T22:00:00+05:30'), Date.parse('2026-11-21T04:00:00+05:30')]);
  const whole: [string, string][] = [['00:00', '24:00']];
  const always = hoursIn('UTC', { week: Object.fromEntries(DAYS.map((day) => [day, whole])) });
  expect(openingAt(always, 1_800_000_000_000)).toMatchObject({ open: true, changesAt: null });
  expect(openingAt(hoursIn('UTC', { week: {} }), 1_800_000_000_000)).toEqual({
    open: false,
    changesAt: null,
    week: [],
  });
});

test('without hours it is always open', () => {
  expect(isOpenAt(null, 0)).toBe(true);
  expect(isOpenAt(hoursIn('UTC'), Date.parse('2026-11-20T17:29Z'))).toBe(true);
  expect(isOpenAt(hoursIn('UTC'), Date.parse('2026-11-20T17:30Z'))).toBe(false);
});
