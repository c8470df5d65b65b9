import { expect, test } from 'vitest';
import { matchLocale } from './locale.ts';

test.each([
  [['ar-EG'], 'ar', 'ar-EG'],
  [['AR'], 'ar', 'AR'],
  [['ar_SA'], 'ar', 'ar_SA'],
  [['de', 'fr-CA', 'ar'], 'ar', 'ar'],
  [['arn', 'xx'], 'en', 'en'],
  [[undefined, '', '?'], 'en', 'en'],
  [['en-GB', 'ar'], 'en', 'en-GB'],
])('%j is answered in %s', (wanted, language, tag) => {
  expect(matchLocale(wanted)).toEqual({ language, tag });
});
