import type { Identity } from '@continuo/core';
import { atom, type ReadableAtom } from 'nanostores';
import type { Chat } from './extras/chat.ts';
import { followLaunchers } from './extras/launchers.ts';
import { type ChatHost, createHost, TAG } from './shell/host.ts';
import { createShell, type Shell } from './shell/shell.ts';
import { takeToken } from './shell/take-token.ts';
import type { Greeting, WidgetEvents, WidgetOptions } from './shell/types.ts';

/** What {@link createWidget} needs: {@link WidgetOptions}, with what else an application can have. */
export interface CreateWidgetOptions
  extends Omit<WidgetOptions, 'mode' | 'theme' | 'launcher' | 'consent' | 'identity'> {
  /** @default what `prefers-color-scheme` says */
  theme?: 'light' | 'dark' | undefined;
  /** @default 'shown' */
  launcher?: 'shown' | 'hidden' | undefined;
  /** @see WidgetOptions.consent @default 'functional' */
  consent?: 'none' | 'functional' | undefined;
  /**
   * Who is logged in on the page: a token that your backend has signed, or a function that fetches one. It is used when the
   * chat is first needed.
   */
  identity?: Identity | undefined;
  /**
   * `inline`: fills `element`, without a launcher and without a way to close it, and takes no focus by itself.
   * @default 'popup'
   */
  mode?: 'popup' | 'inline' | undefined;
  /** Said to whoever stays on a page, once a visitor. @default none */
  greetings?: readonly Greeting[] | undefined;
  /**
   * An element of the page to draw into, which stays where it is. Inline, an element that is no `<continuo-chat>` gets one.
   * @default a new `<continuo-chat>` under `<html>`
   */
  element?: HTMLElement | undefined;
}

/** A widget in the page. */
export interface Widget
  extends Pick<
    Shell,
    | 'open'
    | 'close'
    | 'toggle'
    | 'show'
    | 'hide'
    | 'setLocale'
    | 'consent'
    | 'logout'
    | 'shutdown'
    | 'destroy'
  > {
  /** How many messages wait unread. */
  readonly $unread: ReadableAtom<number>;
  /** Somebody logged in on the page: as the option `identity`. What another user left on this device is wiped first. */
  identify(identity: Identity): void;
  /** Listens until the returned function is called, `signal` aborts or the widget is destroyed. */
  on<Name extends keyof WidgetEvents>(
    name: Name,
    callback: (detail: WidgetEvents[Name]) => void,
    options?: { signal?: AbortSignal },
  ): () => void;
}

const hostIn = (element: HTMLElement | undefined, mode: CreateWidgetOptions['mode']): ChatHost | undefined =>
  element && mode === 'inline' && element.localName !== TAG ? element.appendChild(createHost()) : element;

/** Lets launchers of the page open the chat, and has it greet. Returns how to stop. */
const follow = (
  shell: Shell,
  on: Widget['on'],
  greetings: CreateWidgetOptions['greetings'],
): (() => void) => {
  const { options, open, host } = shell;
  const chat: Chat = { options, open, on, host: () => host };
  const stops = [followLaunchers(chat)];
  let isOver = false;
  if (greetings?.length)
    import('./extras/greetings.ts').then(
      ({ planGreetings }) => isOver || stops.push(planGreetings(chat, greetings)),
      () => {},
    );
  return () => {
    isOver = true;
    for (const stop of stops) stop();
  };
};

/**
 * Puts the chat into the page: a launcher now, the rest when it is needed. Takes a conversation token out of the address.
 *
 * @throws TypeError where there is no document, without a channel, or inline without an element.
 * @example
 * const chat = createWidget({ channel: 'web_abc', baseUrl: 'https://chat.brand.example/' });
 * chat.on('unread', (count) => { document.title = count ? `(${count}) Brand` : 'Brand'; });
 */
export const createWidget = ({ element, mode, greetings, ...options }: CreateWidgetOptions): Widget => {
  if (typeof document === 'undefined')
    throw new TypeError('createWidget needs a document: call it in the browser');
  if (!options.channel || !options.baseUrl) throw new TypeError('createWidget needs channel and baseUrl');
  if (mode === 'inline' && !element) throw new TypeError('createWidget needs an element to be inline');
  const token = takeToken(false);
  const host = hostIn(element, mode);
  const shell = createShell({
    options: { ...options, ...(mode === 'inline' && { mode }) },
    load: () => import('./panel.tsx'),
    ...(host && { host }),
  });
  const $unread = atom(0);

  const on: Widget['on'] = (name, callback, { signal } = {}) => {
    const type = `continuo:${name}`;
    const listener = (event: Event) => {
      if (event instanceof CustomEvent) callback(event.detail);
    };
    shell.host.addEventListener(type, listener, signal ? { signal } : {});
    return () => shell.host.removeEventListener(type, listener);
  };
  on('unread', (count) => $unread.set(count));
  const stop = follow(shell, on, greetings);
  const destroy = shell.destroy;
  shell.destroy = () => {
    stop();
    destroy();
  };
  shell.start(token);
  const { open, close, toggle, show, hide, setLocale, consent, identify, logout, shutdown } = shell;
  const calls = { open, close, toggle, show, hide, setLocale, consent, identify, logout, shutdown };
  return { $unread, on, ...calls, destroy: shell.destroy };
};
