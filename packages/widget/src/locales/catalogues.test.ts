import { expect, test } from 'vitest';
import type { Plural } from '../i18n/catalogue.ts';
import { catalogue as ar } from './ar.ts';
import { en as first } from './en.ts';
import { more } from './en-more.ts';

const en = { ...first, ...more };

const slots = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot ?? '').sort();

const keys = Object.keys(en).filter((key): key is keyof typeof en => key in en);

test.each(keys)('the Arabic text "%s" has what the English one has filled in', (key) => {
  const theirs: string | Plural = en[key];
  const ours: string | Plural = ar[key];
  if (typeof theirs === 'string' || typeof ours === 'string') {
    expect(typeof ours).toBe(typeof theirs);
    expect(slots(String(ours))).toEqual(slots(String(theirs)));
    return;
  }
  expect(slots(ours.other)).toEqual(slots(theirs.other));
});

test('Arabic has each form that its plurals need', () => {
  const needed = new Intl.PluralRules('ar').resolvedOptions().pluralCategories;
  for (const key of keys) {
    const entry: string | Plural = ar[key];
    if (typeof entry === 'string') continue;
    // Nothing is ever counted to zero, and "other" stands in where the form is the same.
    const forms = needed.filter((form) => form !== 'zero');
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(forms));
  }
});

test('Arabic texts are Arabic', () => {
  for (const key of keys) {
    if (key === 'said') continue;
    expect(JSON.stringify(ar[key]).replace(/\{\w+\}|"(zero|one|two|few|many|other)":/g, '')).toMatch(
      /[\u0600-\u06ff]/,
    );
    expect(JSON.stringify(ar[key]).replace(/\{\w+\}|"(zero|one|two|few|many|other)":/g, '')).not.toMatch(
      /[a-z]/i,
    );
  }
});
