import { directionOf } from '../locales/direction.ts';
import type { Language, Locale } from '../locales/locale.ts';
import type { Catalogue, MoreWords, Plural, TextKey, Values } from './catalogue.ts';

/** A part of a filled-in text: words of the catalogue, or a value that came from outside. */
export type Part = string | { slot: string; value: string };

/** Everything that depends on the language. */
export interface I18n {
  dir: 'ltr' | 'rtl';
  language: Language;
  /** Whether the words of what is loaded later are there. */
  isWhole(): boolean;
  /** Takes them in. */
  add(words: MoreWords): void;
  /** A text in parts, so that the values in it can be isolated. */
  parts<Key extends TextKey>(key: Key, ...values: Values<Key>): Part[];
  /** A text for an attribute: each value is isolated by U+2068 and U+2069 (UAX #9), since no element can do it there. */
  text<Key extends TextKey>(key: Key, ...values: Values<Key>): string;
  /** What people call a kind of network; one that the catalogue does not know goes by its own word. */
  network(kind: string): string;
  number(value: number): string;
  time(at: number): string;
  /** "Today", "Yesterday", or the date. */
  day(at: number, now: number): string;
}

const SLOT = /\{(\w+)\}/;

/** A language without a region takes the visitor's own: a page in `ar` shows a visitor from Egypt the digits of Egypt. */
const regional = (locale: Locale, languages: readonly string[]): Intl.Locale => {
  const own = languages.find((other) => other.startsWith(`${locale.language}-`));
  const [, region] = /-([A-Z]{2})\b/.exec(own ?? '') ?? [];
  return locale.region || !region ? locale : new Intl.Locale(locale, { region });
};

/** What a date is put together from. Engines put the Persian calendar's year first, which nobody does. */
const dateStyles = (language: Language): Intl.DateTimeFormatOptions[] =>
  language === 'fa' ? [{ weekday: 'long' }, { dateStyle: 'long' }] : [{ dateStyle: 'full' }];

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** What `Intl` makes takes the browser longer than all else of the first look, which needs little of it. */
const late = <Made>(make: () => Made): (() => Made) => {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/**
 * Speaks a catalogue in a locale: plurals, digits and dates are `Intl`'s.
 *
 * @param languages - The browser's BCP 47 tags. @default none
 */
export const createI18n = (catalogue: Catalogue, locale: Locale, languages: readonly string[] = []): I18n => {
  const tag = regional(locale, languages);
  let words = catalogue;
  const plural = new Intl.PluralRules(tag);
  const numbers = late(() => new Intl.NumberFormat(tag));
  const times = late(() => new Intl.DateTimeFormat(tag, { timeStyle: 'short' }));
  const days = late(() => dateStyles(locale.language).map((style) => new Intl.DateTimeFormat(tag, style)));
  const relative = late(() => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));

  const parts: I18n['parts'] = (key, ...[values]) => {
    const entry: string | Plural = words[key] ?? '';
    const given: Record<string, string | number> = values ?? {};
    const template =
      typeof entry === 'string' ? entry : (entry[plural.select(Number(given.n))] ?? entry.other);
    return template.split(SLOT).map((piece, index) => {
      const value = given[piece];
      return index % 2
        ? { slot: piece, value: typeof value === 'number' ? numbers().format(value) : `${value}` }
        : piece;
    });
  };

  return {
    dir: directionOf(catalogue.open ?? ''),
    language: locale.language,
    isWhole: () => 'menu' in words,
    add: (more) => {
      words = { ...words, ...more };
    },
    parts,
    text: (key, ...values) =>
      parts(key, ...values)
        .map((part) => (typeof part === 'string' ? part : `\u2068${part.value}\u2069`))
        .join(''),
    network: (kind) =>
      (kind === 'messenger' || kind === 'chat' ? words[kind] : undefined) ??
      kind[0]?.toUpperCase() + kind.slice(1),
    number: (value) => numbers().format(value),
    time: (at) => times().format(at),
    day(at, now) {
      const ago = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
      return ago > -2 && ago < 1
        ? relative().format(ago, 'day')
        : days()
            .map((style) => style.format(at))
            .join(' ');
    },
  };
};
