import { expect, test } from 'vitest';
import { catalogue as ar } from '../locales/ar.ts';
import { en } from '../locales/en.ts';
import { createI18n } from './translate.ts';

const english = createI18n(en, { language: 'en', tag: 'en' });
const egyptian = createI18n(ar, { language: 'ar', tag: 'ar-EG' });

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

test('a tag that Intl refuses falls back to the language', () => {
  expect(createI18n(ar, { language: 'ar', tag: 'ar_$' }).number(5)).toBe(
    new Intl.NumberFormat('ar').format(5),
  );
});

test('digits can be chosen by the tag', () => {
  expect(createI18n(ar, { language: 'ar', tag: 'ar-u-nu-arab' }).number(5)).toBe('٥');
});

test('a network that is not in the catalogue goes by its own word', () => {
  expect(egyptian.network('messenger')).toBe('ماسنجر');
  expect(egyptian.network('telegram')).toBe('Telegram');
});

test('a language without a region takes the visitor’s own; one with a region keeps it', () => {
  const arabic = { language: 'ar', tag: 'ar' } as const;
  expect(createI18n(ar, arabic, ['en-US', 'ar-EG']).number(12)).toBe('١٢');
  expect(createI18n(ar, arabic, ['en-US']).number(12)).toBe('12');
  expect(createI18n(ar, { language: 'ar', tag: 'ar-MA' }, ['ar-EG']).number(12)).toBe('12');
  expect(createI18n(ar, arabic, ['ar-broken@tag']).number(12)).toBe('12');
});
