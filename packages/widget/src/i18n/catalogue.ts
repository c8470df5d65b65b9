import type { en } from '../locales/en.ts';
import type { more } from '../locales/en-more.ts';

/** English: the texts of the first look, and those of what is loaded later. */
type Words = typeof en & typeof more;

type Translated<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural;
};

/** The texts of the first look in one language. A missing or unknown key does not compile. */
export type FirstWords = Translated<typeof en>;

/** The texts of what is loaded later (`features/`). */
export type MoreWords = Translated<typeof more>;

/** A text with a form for each plural category that its language has; `other` is the one that always is there. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** The texts of one language that are there. */
export type Catalogue = FirstWords & Partial<MoreWords>;

/** The name of a text. */
export type TextKey = keyof Words;

type Slots<Text> = Text extends `${string}{${infer Slot}}${infer Rest}` ? Slot | Slots<Rest> : never;
type TextsOf<Entry> = Entry extends string ? Entry : Entry[keyof Entry];

/** What a text needs filled in. */
export type SlotsOf<Key extends TextKey> = Slots<TextsOf<Words[Key]>>;

/** What comes after the key: nothing where the text has no slots. */
export type Values<Key extends TextKey> = [SlotsOf<Key>] extends [never]
  ? []
  : [values: Record<SlotsOf<Key>, string | number>];

/** The names of texts that need nothing filled in. */
export type PlainKey = {
  [Key in TextKey]: [SlotsOf<Key>] extends [never] ? Key : never;
}[TextKey];
