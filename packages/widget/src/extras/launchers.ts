import type { Chat } from './chat.ts';

const LAUNCHERS = '[data-continuo-open], a[href="#continuo-open"]';

/** The channels of the chats in the page, the oldest first: what names no channel opens that one. */
const channels: string[] = [];

const isLauncher = (target: EventTarget): target is HTMLElement =>
  target instanceof HTMLElement && target.matches(LAUNCHERS);

/**
 * Lets elements of the page open the chat: `<button data-continuo-open>`, `<a href="#continuo-open">`, also such as come later.
 * A channel's key as the value opens that brand's. `aria-expanded` is kept. Returns how to stop.
 */
export const followLaunchers = ({ options: { channel }, open, on, host }: Chat): (() => void) => {
  const ended = new AbortController();
  let isOpen = false;
  let pressed: HTMLElement | undefined;
  channels.push(channel);
  const isOurs = ({ dataset }: HTMLElement) => (dataset.continuoOpen || channels[0]) === channel;
  const all = () => [...document.querySelectorAll<HTMLElement>(LAUNCHERS)].filter(isOurs);
  const mark = () => {
    for (const launcher of all()) launcher.setAttribute('aria-expanded', `${isOpen}`);
  };
  const press = (event: MouseEvent) => {
    const launcher = event.composedPath().find(isLauncher);
    if (!launcher || !isOurs(launcher) || event.defaultPrevented) return;
    event.preventDefault();
    pressed = launcher;
    open();
  };
  on('open', () => {
    isOpen = true;
    mark();
  });
  on('close', () => {
    isOpen = false;
    mark();
    // The focus was in the chat, and nothing else took it.
    const { activeElement, body } = document;
    if (activeElement === body || activeElement === host()) pressed?.focus();
    pressed = undefined;
  });
  document.addEventListener('click', press, ended);
  // Such as came later.
  document.addEventListener('focusin', mark, ended);
  document.addEventListener('DOMContentLoaded', mark, ended);
  mark();
  return () => {
    ended.abort();
    for (const launcher of all()) launcher.removeAttribute('aria-expanded');
    channels.splice(channels.indexOf(channel), 1);
  };
};
