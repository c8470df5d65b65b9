import { en } from '../locales/en.ts';
import type { Language, Locale } from '../locales/locale.ts';
import type { Catalogue } from './catalogue.ts';
import type { I18n } from './translate.ts';

/** At first without the words of what is loaded later. */
const english: Partial<Catalogue> = { ...en };
let isMoreWanted = false;

const lazy: Record<Exclude<Language, 'en'>, () => Promise<{ catalogue: Catalogue }>> = {
  ar: () => import('../locales/ar.ts'),
  fa: () => import('../locales/fa.ts'),
  hi: () => import('../locales/hi.ts'),
  he: () => import('../locales/he.ts'),
};

const completeEnglish = async (): Promise<void> => {
  const { more } = await import('../locales/en-more.ts');
  Object.assign(english, more);
};

const loadEnglish = async (): Promise<Partial<Catalogue>> => {
  if (isMoreWanted) await completeEnglish().catch(() => {});
  return english;
};

/** A language's words. English is built in, and stands in where another could not be loaded. */
export const loadCatalogue = ({ language }: Locale): Promise<Partial<Catalogue>> =>
  language === 'en' ? loadEnglish() : lazy[language]().then(({ catalogue }) => catalogue, loadEnglish);

/** Loads the words of what is loaded later, from now on with each language. Rejects where they could not be loaded. */
export const loadMoreWords = async (i18n: I18n): Promise<void> => {
  isMoreWanted = true;
  if (!i18n.isWhole()) await completeEnglish();
};
