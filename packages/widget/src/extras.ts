import type { Chat } from './extras/chat.ts';
import { planGreetings } from './extras/greetings.ts';
import { followLaunchers } from './extras/launchers.ts';
import { TAG } from './shell/host.ts';
import type { Greeting, WidgetOptions } from './shell/types.ts';

/*
 * For pages with the script tag that want more of it than there is room for: launchers of their own, and greetings. It is
 * another tag, `<script type="module" src="…/widget/extras.js">`, before or after the loader's.
 */

interface Settings extends Partial<WidgetOptions> {
  greetings?: readonly Greeting[];
}

/** The loader may come later: until then its calls are kept. */
const call = (...words: unknown[]): unknown => {
  window.Continuo ??= Object.assign((...call: unknown[]) => void window.Continuo?.q?.push(call), { q: [] });
  return window.Continuo(...words);
};

const settings: Settings = Object.assign(
  {},
  document.querySelector<HTMLElement>('script[data-channel]')?.dataset,
  window.ContinuoSettings,
);
const chat: Chat = {
  options: { channel: '', baseUrl: '', ...settings },
  open: () => void call('open'),
  on: (name, callback) => call('on', name, callback),
  host: () => document.documentElement.querySelector<HTMLElement>(`:scope > ${TAG}`),
};
followLaunchers(chat);
if (settings.greetings) planGreetings(chat, settings.greetings);
