import type { Identity } from '@continuo/core';
import { atom, type ReadableAtom } from 'nanostores';
import type { ChatHost } from './shell/host.ts';
import { createShell, type Shell } from './shell/shell.ts';
import { takeToken } from './shell/take-token.ts';
import type { WidgetEvents, WidgetOptions } from './shell/types.ts';

/** What {@link createWidget} needs: {@link WidgetOptions}, except that the loader's `hosted` is not for an application. */
export interface CreateWidgetOptions
  extends Omit<WidgetOptions, 'hosted' | 'theme' | 'launcher' | 'consent' | 'identity'> {
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
  /** An element of the page to draw into, which stays where it is. @default a new `<continuo-chat>` under `<html>` */
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

/**
 * Puts the chat into the page: a launcher now, the rest when it is needed. Takes a conversation token out of the address.
 *
 * @throws TypeError where there is no document, or without a channel.
 * @example
 * const chat = createWidget({ channel: 'web_abc', baseUrl: 'https://chat.brand.example/' });
 * chat.on('unread', (count) => { document.title = count ? `(${count}) Brand` : 'Brand'; });
 */
export const createWidget = ({ element, ...options }: CreateWidgetOptions): Widget => {
  if (typeof document === 'undefined')
    throw new TypeError('createWidget needs a document: call it in the browser');
  if (!options.channel || !options.baseUrl) throw new TypeError('createWidget needs channel and baseUrl');
  const token = takeToken(false);
  const host: ChatHost | undefined = element;
  const shell = createShell({
    options: { ...options },
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
  shell.start(token);
  const { open, close, toggle, show, hide, setLocale, consent, identify, logout, shutdown, destroy } = shell;
  const calls = { open, close, toggle, show, hide, setLocale, consent, identify, logout, shutdown, destroy };
  return { $unread, on, ...calls };
};
