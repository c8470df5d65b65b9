import { expect, test } from 'vitest';
import { first as ar } from '../locales/ar.ts';
import { en } from '../locales/en.ts';
import { more } from '../locales/en-more.ts';
import { first as fa } from '../locales/fa.ts';
import { matchLocale } from '../locales/locale.ts';
import { createI18n } from './translate.ts';

const english = createI18n({ ...en, ...more }, matchLocale(['en']));
const egyptian = createI18n(ar, matchLocale(['ar-EG']));

test('a name is isolated and taken as it is, whatever is in it', () => {
  expect(english.text('typing', { agent: "$& {agent} $'" })).toBe("\u2068$& {agent} $'\u2069 is typing");
});

test('parts tell the words of the catalogue from values', () => {
  expect(english.parts('wait', { agent: 'سارة' })).toEqual([
    'Wait for ',
    { slot: 'agent', value: 'سارة' },
    '',
  ]);
});

test.each([
  [1, 'رسالة جديدة واحدة'],
  [2, 'رسالتان جديدتان'],
  [3, '\u2068٣\u2069 رسائل جديدة'],
  [11, '\u2068١١\u2069 رسالة جديدة'],
])('%i new messages in Arabic, with Egyptian digits', (n, text) => {
  expect(egyptian.text('newMessages', { n })).toBe(text);
});

test('English plurals', () => {
  expect(english.text('newMessages', { n: 1 })).toBe('\u20681\u2069 new message');
  expect(english.text('newMessages', { n: 1200 })).toBe('\u20681,200\u2069 new messages');
});

test('days are counted by the calendar, not by hours', () => {
  const late = new Date(2026, 10, 21, 23, 59).getTime();
  const early = new Date(2026, 10, 22, 0, 1).getTime();
  expect(english.day(late, early)).toBe('yesterday');
  expect(english.day(early, early)).toBe('today');
  expect(english.day(new Date(2026, 10, 1, 12).getTime(), early)).toContain('November 1');
});

/** The kinds of parts that a text of `Intl` has, and what stands in one: engines differ in the rest. */
const digitsOf = (text: string): string => text.replace(/[^\p{Nd}]/gu, '');

test.each([
  ['ar', /^[0-9]+$/],
  ['ar-EG', /^[٠-٩]+$/],
  ['ar-u-nu-arab', /^[٠-٩]+$/],
  ['fa', /^[۰-۹]+$/],
  ['fa-u-nu-latn', /^[0-9]+$/],
  ['hi', /^[0-9]+$/],
  ['hi-u-nu-deva', /^[०-९]+$/],
  ['he', /^[0-9]+$/],
])('%s has one kind of digits in counts, times and days', (tag, digits) => {
  const i18n = createI18n(fa, matchLocale([tag]));
  const at = new Date(2026, 10, 22, 14, 5).getTime();
  const day = i18n.day(at, at + 7 * 86_400_000);
  for (const text of [i18n.number(12), i18n.time(at), day, i18n.text('newMessages', { n: 2 })]) {
    expect(digitsOf(text)).toMatch(digits);
  }
});

test('a Persian day is weekday, day, month, year of its calendar, or of the one that was asked for', () => {
  const at = new Date(2026, 10, 22, 14, 5).getTime();
  const dayIn = (tag: string) => createI18n(fa, matchLocale([tag])).day(at, at + 7 * 86_400_000);
  expect(dayIn('fa')).toBe('یکشنبه ۱ آذر ۱۴۰۵');
  expect(dayIn('fa-AF')).toBe('یکشنبه ۱ قوس ۱۴۰۵');
  const gregorian = /^یکشنبه ۲۲ \p{L}+ ۲۰۲۶$/u;
  expect(dayIn('fa-u-ca-gregory')).toMatch(gregorian);
});

test('a network that is not in the catalogue goes by its own word', () => {
  expect(egyptian.network('messenger')).toBe('ماسنجر');
  expect(egyptian.network('telegram')).toBe('Telegram');
});

test('a language without a region takes the visitor’s own; one with a region keeps it', () => {
  const twelve = (tag: string, languages: string[]) =>
    createI18n(ar, matchLocale([tag]), languages).number(12);
  expect(twelve('ar', ['en-US', 'ar-EG'])).toBe('١٢');
  expect(twelve('ar', ['en-US'])).toBe('12');
  expect(twelve('ar-MA', ['ar-EG'])).toBe('12');
  expect(twelve('ar', ['ar-broken@tag'])).toBe('12');
  expect(twelve('ar-u-nu-latn', ['ar-EG'])).toBe('12');
});
