import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Greeting } from '../shell/types.ts';
import { isMeant, planGreetings } from './greetings.ts';

let isHidden = false;
let channel = 0;
const stops: (() => void)[] = [];

/** A chat of another channel each time: what has greeted is known for as long as the page lives. */
const begin = (greetings: Greeting[], more: object = {}) => {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  document.body.append(host);
  const listeners: Record<string, () => void> = {};
  const opened = vi.fn();
  const options = { channel: `web_${++channel}`, baseUrl: '', ...more };
  const chat = {
    options,
    open: opened,
    on: (name: string, callback: () => void) => {
      listeners[name] = callback;
    },
    host: () => host,
  };
  stops.push(planGreetings(chat, greetings));
  const bubble = () => root.querySelector('.greets');
  return { chat, root, bubble, opened, tell: (name: string) => listeners[name]?.() };
};
const pass = async (seconds: number) => {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  // The bubble's own file, the first time.
  await import('./draw-greeting.ts');
  await vi.advanceTimersByTimeAsync(300);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestIdleCallback', undefined);
  isHidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  history.replaceState(null, '', '/checkout/2');
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
  document.body.replaceChildren();
});

const HELP = { path: '/checkout*', afterSeconds: 20, text: 'Need help?' };

test.each([
  ['/checkout*', '/checkout/2', true],
  ['/checkout', '/checkout/2', false],
  ['*/shoes', '/de/shoes', true],
  ['/a.b', '/axb', false],
  ['*', '/', true],
])('%s is meant for %s: %s', (pattern, path, meant) => {
  expect(isMeant(pattern, path)).toBe(meant);
});

test('greets after its time, politely and without the focus, and opens on a press', async () => {
  const { bubble, opened } = begin([HELP]);
  await pass(19);
  expect(bubble()).toBeNull();
  await pass(1);
  const told = bubble()?.querySelector('[role="status"]');
  expect(told?.textContent).toBe('Need help?');
  expect(document.activeElement).toBe(document.body);
  told?.querySelector('button')?.click();
  expect(opened).toHaveBeenCalledTimes(1);
  expect(bubble()).toBeNull();
});

test('once a visitor, where that may be kept; else once a page, and nothing is stored', async () => {
  const first = begin([HELP]);
  await pass(20);
  expect(localStorage.getItem(`continuo:${first.chat.options.channel}:greeted`)).toBe('1');
  localStorage.setItem(`continuo:web_${channel + 1}:greeted`, '1');
  const known = begin([HELP]);
  await pass(20);
  expect(known.bubble()).toBeNull();
  localStorage.clear();
  const unkept = begin([HELP], { consent: 'none' });
  await pass(20);
  expect([unkept.bubble() !== null, localStorage.length]).toEqual([true, 0]);
  begin([HELP], unkept.chat.options);
  await pass(20);
  expect(document.querySelectorAll('div')).toHaveLength(4);
});

test('not on another page, in a page that nobody looks at, or while the chat is open', async () => {
  const elsewhere = begin([{ ...HELP, path: '/basket' }]);
  const open = begin([HELP]);
  open.tell('open');
  await pass(20);
  isHidden = true;
  const hidden = begin([HELP]);
  await pass(20);
  expect([elsewhere.bubble(), open.bubble(), hidden.bubble()]).toEqual([null, null, null]);
  isHidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  await pass(20);
  expect(hidden.bubble()).not.toBeNull();
});

test('it can be dismissed, and goes when the chat is opened', async () => {
  const one = begin([HELP]);
  const two = begin([{ text: 'Hello' }]);
  await pass(20);
  const away = one.bubble()?.querySelector<HTMLElement>('.away');
  expect(away?.ariaLabel).toBe('Dismiss');
  away?.click();
  expect(one.bubble()).toBeNull();
  two.tell('open');
  expect(two.bubble()).toBeNull();
});
