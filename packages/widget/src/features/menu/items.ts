import type { FunctionComponent } from 'preact';
import type { PlainKey } from '../../i18n/catalogue.ts';
import { matchLocale } from '../../locales/locale.ts';
import type { Ui } from '../../panel/ui.tsx';
import { inAppBrowser } from '../elsewhere/in-app.ts';
import { Globe } from '../language/Globe.tsx';
import { ownName } from '../language/own-name.ts';
import { isMuted, setMuted } from '../notice/sound.ts';
import type { PageName } from '../page/pages.ts';

/** A line of the menu. `name` is the key of its text. */
export interface Item {
  name: PlainKey;
  run(ui: Ui): void;
  /** A sign before the text. */
  icon?: FunctionComponent;
  /** It is a switch; whether it is on. */
  isOn?(ui: Ui): boolean;
  /** What is chosen now. */
  now?(ui: Ui): string;
  /** Whether it is offered. @default always */
  when?(ui: Ui): boolean;
}

/** Opens a page of the same name over the menu. */
const page = (name: PageName): Item => ({
  name,
  run: ({ pages }) => pages.open(name),
});

const isThere = ({ client }: Ui): boolean => client.$conversation.get() !== null;

/** In the order in which they are shown. */
export const ITEMS: readonly Item[] = [
  { ...page('search'), when: isThere },
  { ...page('cases'), when: isThere },
  { ...page('otherDevice'), when: isThere },
  {
    ...page('toMessenger'),
    when: (ui) =>
      isThere(ui) && ui.client.$channel.get()?.continueOn?.some(({ kind }) => kind === 'messenger') === true,
  },
  { ...page('otherBrowser'), when: (ui) => isThere(ui) && inAppBrowser(navigator.userAgent) !== null },
  { ...page('transcript'), when: isThere },
  { ...page('myData'), when: isThere },
  { ...page('endChat'), when: ({ client }) => client.$conversation.get()?.case?.status === 'open' },
  {
    ...page('language'),
    icon: Globe,
    now: ({ shell }) => ownName(matchLocale([shell.host.lang]).language),
  },
  {
    name: 'sound',
    isOn: ({ shell }) => !isMuted(shell.options),
    run: ({ shell: { options } }) => setMuted(options, !isMuted(options)),
  },
  { ...page('callback'), when: ({ client }) => client.$channel.get()?.callbacks === true },
  { ...page('hours'), when: ({ client }) => client.$channel.get()?.hours !== undefined },
  { ...page('leave'), when: ({ client }) => client.$session.get() !== 'none' },
];
