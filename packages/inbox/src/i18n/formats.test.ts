import { expect, test } from 'vitest';
import { createFormats, daysBetween } from './formats.ts';

const { shortTime, day, duration, ago, language, moment } = createFormats('en', (key) => key);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (dayOfMonth: number, hour: number, minute = 0) =>
  new Date(2026, 8, dayOfMonth, hour, minute).getTime();
const NOW = at(16, 12);

test('days are calendar days, not stretches of 24 hours', () => {
  expect(daysBetween(at(15, 23, 59), at(16, 0, 1))).toBe(1);
  expect(daysBetween(at(16, 0, 1), at(16, 23, 59))).toBe(0);
});

test('a time is told as shortly as it can be understood', () => {
  expect(shortTime(at(16, 9, 5), NOW)).toMatch(/^9:05/);
  expect(shortTime(at(14, 9), NOW)).toBe('Mon');
  expect(shortTime(at(1, 9), NOW)).toBe('Sep 1');
});

test('a day is told by its name while it has one', () => {
  expect(day(at(16, 1), NOW)).toBe('today');
  expect(day(at(15, 23), NOW)).toBe('yesterday');
  expect(day(at(13, 9), NOW)).toBe('Sunday, September 13');
  expect(day(new Date(2025, 8, 13).getTime(), NOW)).toContain('2025');
});

test.each([
  [10_000, '1 min'],
  [59 * MINUTE, '59 min'],
  [61 * MINUTE, '1 hr'],
  [47 * HOUR, '47 hr'],
  [49 * HOUR, '2 days'],
])('%i ms last %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('what was a while ago is told in its largest unit', () => {
  expect(ago(NOW - 3 * HOUR, NOW)).toBe('3 hours ago');
  expect(ago(NOW - 5 * MINUTE, NOW)).toBe('5 minutes ago');
  expect(ago(NOW, NOW)).toBe('this minute');
});

test('a moment of another day names that day', () => {
  expect(moment(at(16, 15), NOW)).not.toContain('Sep');
  expect(moment(at(17, 15), NOW)).toContain('Sep 17');
});

test.each([
  ['ar_AR', 'Arabic'],
  ['en-GB', 'English'],
  ['not a tag', 'not a tag'],
])('%s is %s', (tag, name) => {
  expect(language(tag)).toBe(name);
});
