import { directionOf } from '../locales/direction.ts';
import { LANGUAGES, type Locale, matchLocale } from '../locales/locale.ts';
import type { ChatHost } from './host.ts';
import { recall } from './memory.ts';
import css from './shell.css';
import type { WidgetEvents, WidgetOptions } from './types.ts';

/** The element with its launcher, and the place that the panel renders into. */
export interface Frame {
  host: ChatHost;
  options: WidgetOptions;
  /** Open, so that tests, assistive tools and other scripts can see inside. */
  root: ShadowRoot;
  container: HTMLElement;
  button: HTMLButtonElement;
  /**
   * Sets the language on the element that is asked for now, most binding first: the page's option, what the visitor chose, the
   * page's language, the browser's list.
   */
  localise(): Locale;
  /** Names the launcher as it is before anything was loaded, or after that failed. */
  name(failed: boolean): void;
  /** Shows the launcher. */
  show(): void;
  /** Hides the launcher. */
  hide(): void;
  emit<Name extends keyof WidgetEvents>(name: Name, detail: WidgetEvents[Name]): void;
}

/** Draws a real button into a shadow tree, with DOM calls only, so that strict policies allow it. */
export const createFrame = (host: ChatHost, options: WidgetOptions): Frame => {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  const container = document.createElement('div');
  const button = document.createElement('button');
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  button.part = 'launcher';
  root.replaceChildren(button, container);
  button.hidden = !!options.mode || options.launcher === 'hidden';
  if (options.accent) host.style.setProperty('--continuo-accent', options.accent);

  const frame: Frame = {
    host,
    options,
    root,
    container,
    button,
    localise() {
      const locale = matchLocale([
        options.locale,
        recall(options, true, 'locale'),
        document.documentElement.lang,
        ...navigator.languages,
      ]);
      host.lang = `${locale}`;
      host.dir = directionOf(LANGUAGES[locale.language]);
      return locale;
    },
    name(failed) {
      const open = LANGUAGES[frame.localise().language];
      // A screen reader speaks the sign in its own language.
      button.ariaLabel = failed ? `⚠ ${open}` : open;
      button.dataset.mark = failed ? '!' : '···';
    },
    show() {
      button.hidden = false;
    },
    hide() {
      button.hidden = true;
    },
    emit(name, detail) {
      host.dispatchEvent(new CustomEvent(`continuo:${name}`, { detail, bubbles: true }));
    },
  };
  frame.name(false);
  return frame;
};
