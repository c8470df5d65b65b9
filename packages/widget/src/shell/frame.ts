import { LANGUAGES, type Locale, pageLocale } from '../locales/locale.ts';
import type { ChatHost } from './host.ts';
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
  /** Reads the wanted language anew and sets it on the element. */
  localise(): Locale;
  /** Names the launcher as it is before anything was loaded, or after that failed. */
  name(failed: boolean): void;
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
  if (options.accent) host.style.setProperty('--continuo-accent', options.accent);

  const frame: Frame = {
    host,
    options,
    root,
    container,
    button,
    localise() {
      const locale = pageLocale(options.locale, 'hosted' in options);
      host.lang = locale.tag;
      host.dir = LANGUAGES[locale.language][0];
      return locale;
    },
    name(failed) {
      const [, open, again] = LANGUAGES[frame.localise().language];
      button.ariaLabel = failed ? again : open;
      button.dataset.mark = failed ? '!' : '···';
    },
    emit(name, detail) {
      host.dispatchEvent(new CustomEvent(`continuo:${name}`, { detail, bubbles: true }));
    },
  };
  frame.name(false);
  return frame;
};
