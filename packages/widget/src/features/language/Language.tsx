import { useRef } from 'preact/hooks';
import { directionOf } from '../../locales/direction.ts';
import { LANGUAGES, type Locale, matchLocale } from '../../locales/locale.ts';
import type { UiProps } from '../../panel/ui.tsx';
import { useHeldView } from '../../panel/use-held-view.ts';
import { remember } from '../../shell/memory.ts';
import css from './language.css';
import { ownName } from './own-name.ts';

export { css };

/** The languages of the widget, without those that this browser has no dates and numbers for. */
const offered = (): Locale[] =>
  Intl.DateTimeFormat.supportedLocalesOf(Object.keys(LANGUAGES)).map((tag) => matchLocale([tag]));

/** Which language to speak: each by its own name. What is chosen is kept on this device, for all pages of the site. */
const Language = ({ ui: { shell, i18n } }: UiProps) => {
  const log = useRef(shell.root.querySelector<HTMLElement>('.log'));
  // Lines are higher in some languages.
  const hold = useHeldView(log, [i18n]);
  const spoken = matchLocale([shell.host.lang]).language;
  const choose = (tag: string) => {
    remember(shell.options, { lasting: true, value: tag, key: 'locale' });
    hold();
    shell.setLocale(tag);
  };
  return (
    <div class="languages" role="radiogroup" aria-labelledby="page">
      {offered().map((locale) => {
        const { language } = locale;
        return (
          <label key={language}>
            <input
              type="radio"
              name="language"
              checked={language === spoken}
              onChange={() => choose(language)}
            />
            <span lang={language} dir={directionOf(LANGUAGES[language])}>
              {ownName(language)}
            </span>
          </label>
        );
      })}
    </div>
  );
};

export default Language;
