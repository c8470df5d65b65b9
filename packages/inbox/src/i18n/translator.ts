import { ar } from './ar.ts';
import type { Catalogue, PlainKey, PluralForms, TextKey, ValuesOf } from './catalogue.ts';
import { en } from './en.ts';
import { createFormats, type Formats } from './formats.ts';

/** The inbox's languages, each with its own name for itself. */
export const LANGUAGES = { en: 'English', ar: 'العربية' } as const;
export type Locale = keyof typeof LANGUAGES;

const catalogues: Record<Locale, Catalogue> = { en, ar };

export interface Translator extends Formats {
  readonly locale: Locale;
  readonly dir: 'ltr' | 'rtl';
  /** A text for an attribute or a title. Its values are isolated, so that a name in another direction disturbs nothing. */
  t<Key extends TextKey>(key: Key, ...rest: ValuesOf<Key, string | number>): string;
  /** The same text in pieces, for elements: `{ value }` stands where a value belongs. */
  pieces(key: TextKey, count?: number): readonly (string | { value: string })[];
}

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';
const PLACEHOLDER = /\{(\w+)\}/;

const isLocale = (tag: string): tag is Locale => tag in LANGUAGES;

/** A browser may give what is no tag (`en-US@posix`). */
const isTag = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
};

const languageOf = (tag: string) => tag.toLowerCase().split('-')[0] ?? '';

/**
 * The first of `wanted` (BCP 47 tags, best first) whose language the inbox speaks.
 *
 * @default 'en'
 */
export const matchLocale = (wanted: readonly string[]): Locale =>
  wanted.map(languageOf).find(isLocale) ?? 'en';

/** Texts in one language. Digits and times are those of the first of `regions` (BCP 47 tags) in that language, as in `en-GB` or `ar-EG`. */
export const createTranslator = (locale: Locale, regions: readonly string[] = []): Translator => {
  const catalogue = catalogues[locale];
  const plurals = new Intl.PluralRules(locale);
  const formats = createFormats(
    regions.find((tag) => languageOf(tag) === locale && isTag(tag)) ?? locale,
    (key: PlainKey) => catalogue[key],
  );

  const template = (key: TextKey, count: number | undefined): string => {
    const text: string | PluralForms = catalogue[key];
    if (typeof text === 'string') return text;
    return text[plurals.select(count ?? 0)] ?? text.other;
  };

  /** Every second part of the split is a value's name. */
  const pieces = (key: TextKey, count?: number) =>
    template(key, count)
      .split(PLACEHOLDER)
      .map((part, index) => (index % 2 === 1 ? { value: part } : part));

  return {
    locale,
    dir: locale === 'ar' ? 'rtl' : 'ltr',
    ...formats,
    pieces,
    t(key, ...rest) {
      const values: Record<string, string | number> = rest[0] ?? {};
      const count = values.count;
      return pieces(key, typeof count === 'number' ? count : undefined)
        .map((piece) => {
          if (typeof piece === 'string') return piece;
          const value = values[piece.value] ?? '';
          return typeof value === 'number'
            ? formats.number(value)
            : `${FIRST_STRONG_ISOLATE}${value}${POP_DIRECTIONAL_ISOLATE}`;
        })
        .join('');
    },
  };
};
