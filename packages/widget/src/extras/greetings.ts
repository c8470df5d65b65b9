import { recall, remember } from '../shell/memory.ts';
import type { Greeting } from '../shell/types.ts';
import type { Chat } from './chat.ts';

/** Channels that have greeted since the page was loaded. */
const greeted = new Set<string>();

const literally = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** Whether a path is meant by a pattern, in which `*` stands for anything. */
export const isMeant = (pattern: string, path: string): boolean =>
  new RegExp(`^${literally(pattern).replaceAll('*', '.*')}$`).test(path);

const whenIdle = (run: () => void): void =>
  typeof requestIdleCallback === 'function' ? void requestIdleCallback(run, { timeout: 2000 }) : run();

/**
 * Shows the first greeting that is due on a page that it is meant for: once a visitor, never while the chat is open, and asking
 * no server. Returns how to stop.
 */
export const planGreetings = (chat: Chat, greetings: readonly Greeting[]): (() => void) => {
  const { options } = chat;
  const key = `${options.channel}:greeted`;
  const ended = new AbortController();
  let timers: ReturnType<typeof setTimeout>[] = [];
  let isOpen = false;
  let takeAway: (() => void) | undefined;

  const isOver = () =>
    ended.signal.aborted || isOpen || greeted.has(options.channel) || recall(options, true, key) === '1';
  const show = async ({ path = '*', text }: Greeting) => {
    if (isOver() || document.hidden || !isMeant(path, location.pathname)) return;
    const { drawGreeting } = await import('./draw-greeting.ts');
    const host = chat.host();
    if (isOver() || !host?.shadowRoot) return;
    greeted.add(options.channel);
    remember(options, { lasting: true, value: '1', key });
    takeAway = drawGreeting(host.shadowRoot, { host, text, theme: options.theme, open: chat.open });
  };
  const plan = () => {
    for (const timer of timers) clearTimeout(timer);
    timers = greetings.map((greeting) =>
      setTimeout(
        () => whenIdle(() => void show(greeting).catch(() => {})),
        (greeting.afterSeconds ?? 0) * 1000,
      ),
    );
  };
  chat.on('open', () => {
    isOpen = true;
    takeAway?.();
  });
  chat.on('close', () => {
    isOpen = false;
  });
  // Another page of an app without loads is another page; so is one that is looked at again.
  Reflect.get(window, 'navigation')?.addEventListener?.('currententrychange', plan, ended);
  document.addEventListener('visibilitychange', plan, ended);
  plan();
  return () => {
    ended.abort();
    for (const timer of timers) clearTimeout(timer);
    takeAway?.();
  };
};
