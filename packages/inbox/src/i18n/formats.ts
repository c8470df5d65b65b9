import type { PlainKey } from './catalogue.ts';

/** Numbers and times in one language. Times are epoch milliseconds; durations are milliseconds. */
export interface Formats {
  number(value: number): string;
  /** `14:05` */
  time(at: number): string;
  /** As short as it can be told: the time today, then the weekday, then the date. */
  shortTime(at: number, now: number): string;
  /** A day as a heading: Today, Yesterday, or its date. */
  day(at: number, now: number): string;
  /** Day and time in full, for a title. */
  fullTime(at: number): string;
  /** The time of today, or day and time. */
  moment(at: number, now: number): string;
  /** How long ago: `5 minutes ago`, `yesterday`. */
  ago(at: number, now: number): string;
  /** A length of time in its largest unit: `12 min`, `3 hr`, `2 days`; at least a minute. */
  duration(ms: number): string;
  /** The name of the language of a BCP 47 tag; the tag itself where it has none. */
  language(tag: string): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Whole calendar days from `at` to `now`, in the agent's time zone. */
export const daysBetween = (at: number, now: number): number => {
  const midnight = (time: number) => {
    const date = new Date(time);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(now) - midnight(at)) / DAY);
};

const inLargestUnit = (ms: number): [number, 'minute' | 'hour' | 'day'] => {
  if (ms < HOUR) return [Math.floor(ms / MINUTE), 'minute'];
  if (ms < 2 * DAY) return [Math.floor(ms / HOUR), 'hour'];
  return [Math.floor(ms / DAY), 'day'];
};

export const createFormats = (locale: string, text: (key: PlainKey) => string): Formats => {
  const numbers = new Intl.NumberFormat(locale);
  // 9:05 PM, but 09:05 where the day has 24 hours.
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  const hour = hour12 ? 'numeric' : '2-digit';
  const time = new Intl.DateTimeFormat(locale, { hour, minute: '2-digit' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const longDate = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
  const dateWithYear = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour,
    minute: '2-digit',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const languages = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' });
  const units = {
    minute: new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'short' }),
    hour: new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'short' }),
    day: new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'short' }),
  };

  return {
    number: (value) => numbers.format(value),
    time: (at) => time.format(at),
    shortTime: (at, now) => {
      const days = daysBetween(at, now);
      if (days <= 0) return time.format(at);
      return days < 7 ? weekday.format(at) : date.format(at);
    },
    day: (at, now) => {
      const days = daysBetween(at, now);
      if (days === 0) return text('today');
      if (days === 1) return text('yesterday');
      const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
      return (sameYear ? longDate : dateWithYear).format(at);
    },
    fullTime: (at) => full.format(at),
    moment: (at, now) => (daysBetween(at, now) === 0 ? time : dayAndTime).format(at),
    ago: (at, now) => {
      if (now - at < MINUTE) return relative.format(0, 'minute');
      const [value, unit] = inLargestUnit(now - at);
      return relative.format(-value, unit);
    },
    duration: (ms) => {
      const [value, unit] = inLargestUnit(Math.max(ms, MINUTE));
      return units[unit].format(value);
    },
    language: (tag) => {
      try {
        // Networks write `ar_AR` and mean no country by it.
        return languages.of(new Intl.Locale(tag.replaceAll('_', '-')).language) ?? tag;
      } catch {
        return tag;
      }
    },
  };
};
