import { atom, computed, type ReadableAtom } from 'nanostores';
import { createTranslator, type Locale, matchLocale, type Translator } from '../i18n/translator.ts';

/** What the agent chose for this browser. */
export interface Preferences {
  $translator: ReadableAtom<Translator>;
  /** Whether single letters act (WCAG 2.2, 2.1.4: they can be turned off). */
  $shortcuts: ReadableAtom<boolean>;
  setLocale(locale: Locale): void;
  setShortcuts(on: boolean): void;
}

const LOCALE = 'continuo.inbox.locale';
const SHORTCUTS = 'continuo.inbox.shortcuts';

/** Reads and keeps choices in `storage`; where that is forbidden they last as long as the page. `languages`: the browser's, best first. */
export const createPreferences = (
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
  languages: readonly string[],
): Preferences => {
  const read = (key: string): string | null => {
    try {
      return storage().getItem(key);
    } catch {
      return null;
    }
  };
  const write = (key: string, value: string) => {
    try {
      storage().setItem(key, value);
    } catch {
      // It lasts as long as the page.
    }
  };

  const saved = read(LOCALE);
  const $locale = atom<Locale>(matchLocale(saved ? [saved] : languages));
  const $shortcuts = atom(read(SHORTCUTS) !== 'off');
  return {
    $translator: computed($locale, (locale) => createTranslator(locale, languages)),
    $shortcuts,
    setLocale(locale) {
      $locale.set(locale);
      write(LOCALE, locale);
    },
    setShortcuts(on) {
      $shortcuts.set(on);
      write(SHORTCUTS, on ? 'on' : 'off');
    },
  };
};
