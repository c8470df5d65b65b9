const SPOKEN = ['en', 'ar', 'fa', 'hi', 'he'] as const;

/** A language that customers are written to in. */
export type SpokenLanguage = (typeof SPOKEN)[number];

/**
 * The language to write to a customer in; English where theirs is not spoken, or not in its usual script.
 *
 * @param locale BCP 47 tag, or a network's own form (`ar_AR`)
 */
export const spokenLanguage = (locale: string | null): SpokenLanguage => {
  try {
    const { language, script } = new Intl.Locale(locale?.replace('_', '-') ?? 'en').minimize();
    return (!script && SPOKEN.find((spoken) => spoken === language)) || 'en';
  } catch {
    return 'en';
  }
};

/** The direction that a language is read in. */
export const directionOf = (language: SpokenLanguage): 'ltr' | 'rtl' =>
  language === 'en' || language === 'hi' ? 'ltr' : 'rtl';

/**
 * The language to answer a request in.
 *
 * @param header `Accept-Language`, of which browsers write the most wanted first
 */
export const acceptedLanguage = (header: string | undefined): SpokenLanguage => {
  const wanted = header?.split(',').map((part) => part.split(';', 1)[0]?.trim() ?? '') ?? [];
  return spokenLanguage(wanted.find((tag) => /^en\b/i.test(tag) || spokenLanguage(tag) !== 'en') ?? null);
};
