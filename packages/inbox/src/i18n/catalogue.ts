import type { en } from './en.ts';

type Source = typeof en;

/** A name of a text. */
export type TextKey = keyof Source;

/** One form for each plural category of the language; `other` is always there. */
export type PluralForms = { readonly other: string } & {
  readonly [Category in Exclude<Intl.LDMLPluralRule, 'other'>]?: string;
};

/** All texts in one language: plain where English is plain, with plural forms where English has them. */
export type Catalogue = {
  readonly [Key in TextKey]: Source[Key] extends string ? string : PluralForms;
};

type Names<Template> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type TemplateOf<Key extends TextKey> = Source[Key] extends { other: infer Other } ? Other : Source[Key];

/** The names that a text takes values for, as English writes them. */
export type ValueNames<Key extends TextKey> = Names<TemplateOf<Key>>;

/** The rest of the arguments of a translating function: nothing for a text without values. */
export type ValuesOf<Key extends TextKey, Value> = [ValueNames<Key>] extends [never]
  ? []
  : [values: { [Name in ValueNames<Key>]: Value }];

/** Texts that take no value. */
export type PlainKey = { [Key in TextKey]: [ValueNames<Key>] extends [never] ? Key : never }[TextKey];
