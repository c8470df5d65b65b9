import type { en } from '../locales/en.ts';
import type { more } from '../locales/en-more.ts';

/** English: the texts of the first look, and those of what is loaded later. */
type Words = typeof en & typeof more;

/** A text with a form for each plural category that its language has; `other` is the one that always is there. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** Every text of the widget in one language. A missing or unknown key does not compile. */
export type Catalogue = {
  readonly [Key in keyof Words]: Words[Key] extends string ? string : Plural;
};

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
