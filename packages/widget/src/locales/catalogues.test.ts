import { describe, expect, test } from 'vitest';
import type { Catalogue, MoreWords, Plural } from '../i18n/catalogue.ts';
import { loadCatalogue, loadMoreWords } from '../i18n/load.ts';
import { createI18n } from '../i18n/translate.ts';
import { en as first } from './en.ts';
import { more } from './en-more.ts';
import { LANGUAGES, matchLocale } from './locale.ts';

const en = { ...first, ...more };

const slots = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot ?? '').sort();

const keys = Object.keys(en).filter((key): key is keyof typeof en => key in en);
type Counted = { [Key in keyof typeof en]: (typeof en)[Key] extends string ? never : Key }[keyof typeof en];
const isCounted = (key: keyof typeof en): key is Counted => typeof en[key] !== 'string';
const counted = keys.filter(isCounted);

const formsOf = (entry: string | Plural): string[] =>
  typeof entry === 'string' ? [entry] : Object.values(entry);

const LETTERS = { ar: 'Arabic', fa: 'Arabic', hi: 'Devanagari', he: 'Hebrew' } as const;
/** Persian nouns stay as they are after a number. */
const FORMS: Record<string, string[]> = { fa: ['other'] };
/** Where a form says the number as a word. */
const IN_WORDS: Record<string, number[]> = { ar: [0, 1, 2], he: [1, 2] };
const COUNTS = [0, 1, 2, 3, 11, 100];

const load = async (language: string): Promise<Catalogue & MoreWords> => {
  const locale = matchLocale([language]);
  await loadMoreWords(createI18n(await loadCatalogue(locale), locale));
  return { ...en, ...(await loadCatalogue(locale)) };
};

describe.each(['ar', 'fa', 'hi', 'he'] as const)('%s', (language) => {
  test.each(keys)('"%s" has filled in what the English text has', async (key) => {
    const ours: string | Plural = (await load(language))[key];
    expect(typeof ours).toBe(typeof en[key]);
    const theirs: string | Plural = en[key];
    const needed = slots(typeof theirs === 'string' ? theirs : theirs.other);
    expect(slots(typeof ours === 'string' ? ours : ours.other)).toEqual(needed);
    // A form may say its number as a word, and has nothing else to fill in.
    for (const form of formsOf(ours)) expect(needed).toEqual(expect.arrayContaining(slots(form)));
  });

  test.each(counted)('"%s" has each form that the language needs', async (key) => {
    const needed = FORMS[language] ?? new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    expect(Object.keys((await load(language))[key]).sort()).toEqual([...needed].sort());
  });

  test('is written in its own letters only', async () => {
    const catalogue = await load(language);
    const own = new RegExp(`\\p{scx=${LETTERS[language]}}`, 'u');
    for (const key of keys.filter((each) => each !== 'said')) {
      for (const form of formsOf(catalogue[key]).map((text) => text.replace(/\{\w+\}/g, ''))) {
        expect(form).toMatch(own);
        const letters = form.match(/\p{L}/gu) ?? [];
        expect(letters.filter((letter) => !own.test(letter))).toEqual([]);
        // The i18n layer isolates what is filled in: nothing that steers directions stands in a catalogue.
        expect(form).not.toMatch(/[\u200e\u200f\u061c\u2066-\u2069\u202a-\u202e]/);
        expect(form).toBe(form.normalize('NFC'));
      }
    }
  });

  test('the launcher says before anything is loaded what it says after', async () => {
    expect((await load(language)).open).toBe(LANGUAGES[language]);
  });
});

test('Persian has its own kaf and yeh, and joins no word parts that a ZWNJ keeps apart', async () => {
  const all = JSON.stringify(await load('fa'));
  expect(all).not.toMatch(/[\u0643\u064a\u0649]/);
  expect(all).not.toMatch(/\sمی\s|\sها[\s"]/);
});

describe.each(Object.keys(LANGUAGES))('%s counts', (language) => {
  test.each(counted)(
    '"%s" says 0, 1, 2, 3, 11 and 100 as a number or in words, in one kind of digits',
    async (key) => {
      const i18n = createI18n(await load(language), matchLocale([language]));
      for (const n of COUNTS) {
        const inWords = IN_WORDS[language]?.includes(n) && !i18n.text(key, { n }).includes('\u2068');
        if (!inWords) expect(i18n.text(key, { n })).toContain(`\u2068${i18n.number(n)}\u2069`);
        expect(i18n.text(key, { n })).not.toMatch(/[{}]/);
      }
    },
  );
});

describe.each(Object.keys(LANGUAGES))('%s', (language) => {
  test.each(['$& {agent}', 'سارة', 'Sara!', '\u202eevil'])(
    'a name such as "%s" stands isolated and as it is',
    async (agent) => {
      const i18n = createI18n(await load(language), matchLocale([language]));
      for (const key of ['typing', 'wait', 'joinedChat'] as const) {
        expect(i18n.text(key, { agent })).toContain(`\u2068${agent}\u2069`);
      }
    },
  );
});

/** By 0, 1, 2, 3, 11, 100. */
test.each([
  [
    'en',
    [
      '0 new messages',
      '1 new message',
      '2 new messages',
      '3 new messages',
      '11 new messages',
      '100 new messages',
    ],
  ],
  [
    'ar',
    [
      'لا رسائل جديدة',
      'رسالة جديدة واحدة',
      'رسالتان جديدتان',
      '3 رسائل جديدة',
      '11 رسالة جديدة',
      '100 رسالة جديدة',
    ],
  ],
  ['fa', ['۰ پیام جدید', '۱ پیام جدید', '۲ پیام جدید', '۳ پیام جدید', '۱۱ پیام جدید', '۱۰۰ پیام جدید']],
  ['hi', ['0 नया संदेश', '1 नया संदेश', '2 नए संदेश', '3 नए संदेश', '11 नए संदेश', '100 नए संदेश']],
  [
    'he',
    [
      '0 הודעות חדשות',
      'הודעה חדשה אחת',
      'שתי הודעות חדשות',
      '3 הודעות חדשות',
      '11 הודעות חדשות',
      '100 הודעות חדשות',
    ],
  ],
])('new messages in %s', async (language, texts) => {
  const i18n = createI18n(await load(language), matchLocale([language]));
  expect(COUNTS.map((n) => i18n.text('newMessages', { n }).replace(/[\u2068\u2069]/g, ''))).toEqual(texts);
});
