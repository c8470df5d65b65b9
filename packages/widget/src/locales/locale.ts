/**
 * The languages of the widget, each with the launcher's name, which is needed before anything was loaded. It is what `open`
 * says in the language's own file.
 */
export const LANGUAGES = {
  en: 'Open chat',
  ar: 'محادثة',
  fa: 'گفتگو',
  hi: 'चैट',
  he: 'לצ׳אט',
} as const;

/** A language of {@link LANGUAGES}. */
export type Language = keyof typeof LANGUAGES;

/** A language to speak, with what else was asked for: region, digits (`-u-nu-arab`) and calendar (`-u-ca-gregory`). */
export interface Locale extends Intl.Locale {
  readonly language: Language;
}

/** In another script than is usual for it (`hi-Latn`), a language is not the one that people read. */
const isSpoken = (locale: Intl.Locale): locale is Locale =>
  locale.language in LANGUAGES && !locale.minimize().script;

/**
 * The first of the wanted BCP 47 tags whose language the widget speaks; English if none is. A language's other names are
 * known to `Intl`: `iw` is `he`, `prs` is `fa-AF`.
 */
export const matchLocale = (wanted: readonly (string | null | undefined)[]): Locale => {
  for (const tag of wanted) {
    try {
      const locale = new Intl.Locale(`${tag}`.replace('_', '-'));
      if (isSpoken(locale)) return locale;
    } catch {
      // Not a tag.
    }
  }
  return matchLocale(['en']);
};
