/** Languages that the widget speaks: direction, and the launcher's name before anything was loaded and after that failed. */
export const LANGUAGES = {
  en: ['ltr', 'Open chat', 'Reload chat'],
  ar: ['rtl', 'فتح المحادثة', 'إعادة تحميل المحادثة'],
} as const;

/** A language of {@link LANGUAGES}. */
export type Language = keyof typeof LANGUAGES;

/** The language to speak and the BCP 47 tag that was asked for, which decides digits, dates and plurals. */
export interface Locale {
  language: Language;
  tag: string;
}

const isLanguage = (subtag: string): subtag is Language => subtag in LANGUAGES;

/** The first of the wanted BCP 47 tags whose language the widget speaks; English if none is. */
export const matchLocale = (wanted: readonly (string | undefined)[]): Locale => {
  for (const tag of wanted) {
    const language = `${tag}`.toLowerCase().replace(/[-_].*/, '');
    if (tag && isLanguage(language)) return { language, tag };
  }
  return { language: 'en', tag: 'en' };
};

/**
 * What the page and the browser ask for, most binding first: the option, the page's language, the browser's list.
 *
 * @param alone - The page is nothing but the chat: its own language says nothing.
 */
export const pageLocale = (option: string | undefined, alone: boolean): Locale =>
  matchLocale([option, alone ? '' : document.documentElement.lang, ...navigator.languages]);
