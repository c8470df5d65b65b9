import { expect, test } from 'vitest';
import { ar } from './ar.ts';
import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';
import { createTranslator, matchLocale } from './translator.ts';

const catalogue: Catalogue = en;

const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const formsOf = (text: string | object): string[] =>
  typeof text === 'string' ? [text] : Object.values(text);

const valuesIn = (text: string | object) =>
  // A plural form may do without its number: "one message", "no messages".
  new Set(formsOf(text).flatMap((form) => namesIn(form).filter((name) => name !== 'count')));

test('every Arabic text takes the values of the English one', () => {
  expect(Object.keys(ar)).toEqual(Object.keys(catalogue));
  const english = new Map<string, string | object>(Object.entries(catalogue));
  for (const [key, text] of Object.entries(ar)) {
    expect({ key, values: valuesIn(text) }).toEqual({ key, values: valuesIn(english.get(key) ?? '') });
  }
});

test('Arabic has a form for each of its six plural categories', () => {
  for (const text of Object.values(ar)) {
    if (typeof text === 'string') continue;
    expect(Object.keys(text).sort()).toEqual(['few', 'many', 'one', 'other', 'two', 'zero']);
  }
});

test('the number chooses the form', () => {
  const english = createTranslator('en');
  expect(english.t('unread', { count: 1 })).toBe('1 unread message');
  expect(english.t('unread', { count: 1200 })).toBe('1,200 unread messages');
  const arabic = createTranslator('ar');
  expect(arabic.t('unread', { count: 3 })).toContain('رسائل');
  expect(arabic.t('unread', { count: 11 })).toContain('رسالة');
});

test('digits follow the region of the browser', () => {
  expect(createTranslator('ar', ['en-GB', 'ar-EG']).number(12)).toBe('١٢');
  expect(createTranslator('ar', ['ar-AE']).number(12)).toBe('12');
});

test('what is no language tag is passed over', () => {
  expect(createTranslator('en', ['en-US@posix', 'en-GB']).time(0)).toMatch(/^\d\d:\d\d$/);
});

test('a value is isolated and taken literally, whatever is in it', () => {
  const { t } = createTranslator('en');
  expect(t('isTyping', { name: '$& {name} ليلى' })).toBe('\u2068$& {name} ليلى\u2069 is typing…');
});

test.each([
  [['ar-EG', 'en'], 'ar'],
  [['fr-FR', 'AR'], 'ar'],
  [['en-GB'], 'en'],
  [['fr', 'de'], 'en'],
  [[], 'en'],
])('of %j the inbox speaks %s', (wanted, locale) => {
  expect(matchLocale(wanted)).toBe(locale);
});
