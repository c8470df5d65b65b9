import { render } from 'preact';
import { App } from './panel/App.tsx';
import { callAttention } from './panel/call.ts';
import { createHandle } from './panel/create-handle.ts';
import { createState, type State } from './panel/create-state.ts';
import { css } from './panel/css.ts';
import { identifyUser } from './panel/identify-user.ts';
import { labelLauncher } from './panel/label-launcher.ts';
import { remember } from './shell/memory.ts';
import type { PanelContext, PanelHandle } from './shell/types.ts';

const dress = ({ host, root, options }: State['shell']): void => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  if (options.theme === 'light' || options.theme === 'dark') {
    host.style.setProperty('--_scheme', options.theme);
  }
};

/** Puts the chat where it belongs, where that is not over the page, before it is seen. */
const settle = async ({ shell }: State): Promise<void> => {
  if (shell.options.mode) (await import('./features/mode/mode.ts')).takePlace(shell);
};

/** Reads the channel, and takes up this device's conversation if there is one. */
const begin = async (state: State): Promise<void> => {
  const { client, shell, $looked } = state;
  // First of all: another user's conversation must not show for a moment.
  await identifyUser(state);
  await client.open().catch((error) => shell.emit('error', error));
  $looked.set(true);
  shell.emit('ready', undefined);
};

/** Follows what the launcher shows and what the page is told. Returns how to stop. */
const follow = (state: State, localise: () => void): (() => void) => {
  const { shell, client, $open, $i18n } = state;
  const ended = new AbortController();
  // A letter typed here is no shortcut of the page.
  for (const type of ['keydown', 'keyup', 'keypress']) {
    shell.root.addEventListener(type, (event) => event.stopPropagation(), ended);
  }
  const langs = new MutationObserver(localise);
  langs.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
  const label = () => labelLauncher(state);
  const stops = [
    () => ended.abort(),
    () => langs.disconnect(),
    callAttention(state),
    client.on('message', ({ event }) => shell.emit('message', { text: event.text, from: event.author.name })),
    client.$unread.listen((count) => {
      shell.emit('unread', count);
      label();
    }),
    client.$session.listen((session) => {
      if (session === 'open') remember(shell.options, { lasting: true, value: '1' });
    }),
    $open.listen(label),
    $i18n.listen(label),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

/** Draws the panel into its shell and connects it. It stays closed until it is opened. */
export const mountPanel = (context: PanelContext): PanelHandle => {
  const state = createState(context);
  const { shell, client } = state;
  const handle = createHandle(state);
  dress(shell);
  const stop = follow(state, handle.localise);
  void settle(state)
    .catch((error) => shell.emit('error', error))
    .then(handle.localise);
  void begin(state);
  render(<App state={state} />, shell.container);
  return {
    ...handle,
    destroy() {
      stop();
      client.destroy();
      render(null, shell.container);
    },
  };
};
