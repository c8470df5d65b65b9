import { en } from '../locales/en.ts';
import type { Language, Locale } from '../locales/locale.ts';
import type { Catalogue, FirstWords, MoreWords } from './catalogue.ts';
import type { I18n } from './translate.ts';

/** How the parts of a language's words are loaded; the build makes a chunk of each (`localeParts` in rollup.config.mjs). */
const LOAD: Record<
  Language,
  { first(): Promise<{ first: FirstWords }>; more(): Promise<{ more: MoreWords }> }
> = {
  en: { first: async () => ({ first: en }), more: () => import('../locales/en-more.ts') },
  ar: { first: () => import('../locales/ar.ts?first'), more: () => import('../locales/ar.ts?more') },
  fa: { first: () => import('../locales/fa.ts?first'), more: () => import('../locales/fa.ts?more') },
  hi: { first: () => import('../locales/hi.ts?first'), more: () => import('../locales/hi.ts?more') },
  he: { first: () => import('../locales/he.ts?first'), more: () => import('../locales/he.ts?more') },
};

let isMoreWanted = false;

const load = async (language: Language): Promise<Catalogue> => {
  const [{ first }, rest] = await Promise.all([
    LOAD[language].first(),
    isMoreWanted ? LOAD[language].more().catch(() => null) : null,
  ]);
  return { ...first, ...rest?.more };
};

/** A language's words. English is built in, and stands in where another could not be loaded. */
export const loadCatalogue = ({ language }: Locale): Promise<Catalogue> =>
  load(language).catch(() => load('en'));

/** Loads the words of what is loaded later, from now on with each language. Rejects where they could not be loaded. */
export const loadMoreWords = async (i18n: I18n): Promise<void> => {
  isMoreWanted = true;
  if (!i18n.isWhole()) i18n.add((await LOAD[i18n.language].more()).more);
};
