import { expect, test } from 'vitest';
import { acceptedLanguage, spokenLanguage } from './spoken-language.ts';

test.each([
  ['ar_AR', 'ar'],
  ['fa-IR-u-ca-gregory', 'fa'],
  ['hi_IN', 'hi'],
  ['iw', 'he'],
  ['hi-Latn', 'en'],
  ['arn', 'en'],
  ['de', 'en'],
  ['', 'en'],
  ['no tag', 'en'],
  [null, 'en'],
])('%s is written to in %s', (locale, language) => {
  expect(spokenLanguage(locale)).toBe(language);
});

test.each([
  ['fa-IR,fa;q=0.9,en;q=0.8', 'fa'],
  ['de-DE,de;q=0.9,he;q=0.8,en;q=0.7', 'he'],
  ['en-GB,en;q=0.9,ar;q=0.8', 'en'],
  ['hi-Latn, hi;q=0.5', 'hi'],
  ['*', 'en'],
  [undefined, 'en'],
])('%s is answered in %s', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});
