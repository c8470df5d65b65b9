import { en } from '../locales/en.ts';
import type { Language } from '../locales/locale.ts';
import type { Catalogue } from './catalogue.ts';

const lazy: Record<Exclude<Language, 'en'>, () => Promise<{ catalogue: Catalogue }>> = {
  ar: () => import('../locales/ar.ts'),
};

/** A language's words. English is built in, and stands in where another could not be loaded. */
export const loadCatalogue = (language: Language): Promise<Catalogue> =>
  language === 'en'
    ? Promise.resolve(en)
    : lazy[language]().then(
        ({ catalogue }) => catalogue,
        () => en,
      );
