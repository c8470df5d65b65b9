import { describe, expect, test } from 'vitest';
import { directionOf } from './direction.ts';
import { LANGUAGES, matchLocale } from './locale.ts';

test.each([
  [['ar-EG'], 'ar', 'ar-EG'],
  [['AR'], 'ar', 'ar'],
  [['ar_SA'], 'ar', 'ar-SA'],
  [['de', 'fr-CA', 'ar'], 'ar', 'ar'],
  [['arn', 'xx'], 'en', 'en'],
  [[undefined, null, '', '?'], 'en', 'en'],
  [['en-GB', 'ar'], 'en', 'en-GB'],
  [['fa-IR'], 'fa', 'fa-IR'],
  [['hi-Deva-IN'], 'hi', 'hi-Deva-IN'],
  [['toString', 'he'], 'he', 'he'],
])('%j is answered in %s', (wanted, language, tag) => {
  const locale = matchLocale(wanted);
  expect([locale.language, `${locale}`]).toEqual([language, tag]);
});

test.each([
  ['iw-IL', 'he-IL'],
  ['prs', 'fa-AF'],
  ['pes', 'fa'],
  ['arb', 'ar'],
])('%s is an older or narrower name of %s', (wanted, tag) => {
  expect(`${matchLocale([wanted])}`).toBe(tag);
});

test.each(['hi-Latn', 'fa-Cyrl', 'en-Shaw'])('%s is in letters that the widget does not write', (wanted) => {
  expect(`${matchLocale([wanted, 'he'])}`).toBe('he');
});

test('digits and calendar stay with the tag', () => {
  expect(`${matchLocale(['fa-IR-u-ca-gregory-nu-latn'])}`).toBe('fa-IR-u-ca-gregory-nu-latn');
});

describe.each(Object.keys(LANGUAGES))('%s', (language) => {
  test('is one that Intl speaks, in the direction that Intl knows', () => {
    const locale = matchLocale([language]);
    expect(Intl.DateTimeFormat.supportedLocalesOf(language)).toEqual([language]);
    const info: unknown = Reflect.get(locale, 'getTextInfo')?.call(locale);
    expect({ direction: directionOf(LANGUAGES[locale.language]) }).toEqual(info);
  });
});
