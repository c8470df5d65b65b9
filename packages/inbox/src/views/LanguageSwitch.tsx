import { LANGUAGES, type Locale } from '../i18n/translator.ts';
import { useInbox, useText } from './context.ts';

const isLocale = (tag: string): tag is Locale => tag in LANGUAGES;

/** Each language under its own name, so that it is found by who cannot read the present one. */
export function LanguageSwitch() {
  const { preferences } = useInbox();
  const { locale, t } = useText();
  return (
    <fieldset class="segments languages">
      <legend class="hidden">{t('language')}</legend>
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          aria-pressed={tag === locale}
          onClick={() => isLocale(tag) && preferences.setLocale(tag)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
