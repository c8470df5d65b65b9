import type { Language } from '../../locales/locale.ts';

/** What a language is called by those who speak it. */
export const ownName = (language: Language): string =>
  new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
