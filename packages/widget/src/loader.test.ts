import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const TOKEN = 't'.repeat(43);

/** Runs the loader as the page's script tag does. */
const run = async (attributes: Record<string, string> = {}) => {
  const script = document.createElement('script');
  Object.assign(script.dataset, { channel: 'web_1', ...attributes });
  script.setAttribute('type', 'text/plain');
  script.setAttribute('src', 'https://chat.test/base/widget/loader.js');
  document.head.append(script);
  vi.resetModules();
  await import('./loader.ts');
};
const widgets = () => document.querySelectorAll('continuo-chat');

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  delete window.Continuo;
  for (const widget of widgets()) Object.assign(widget, { onleave: undefined }).remove();
  document.head.replaceChildren();
});

test('takes the token out of the address, keeping path, query and state', async () => {
  history.replaceState({ page: 7 }, '', `/shoes?size=42#continuo=${TOKEN}`);
  await run();
  expect(location.href).toMatch(/\/shoes\?size=42$/);
  expect(history.state).toEqual({ page: 7 });
});

test('draws one widget, however often it is included', async () => {
  await run();
  await run();
  expect(widgets().length).toBe(1);
});

test('does what was called before it was there, in order, then what is called', async () => {
  const stub = Object.assign((...call: unknown[]) => stub.q.push(call), { q: [['hide']] as unknown[][] });
  window.Continuo = stub;
  await run();
  const button = widgets()[0]?.shadowRoot?.querySelector('button');
  expect(button?.hidden).toBe(true);
  window.Continuo?.('show');
  expect(button?.hidden).toBe(false);
  window.Continuo?.push?.(['hide']);
  expect(button?.hidden).toBe(true);
});

test('without a channel it waits for boot', async () => {
  await run({ channel: '' });
  window.Continuo?.('open');
  expect(widgets().length).toBe(0);
  window.Continuo?.('boot', { channel: 'web_2', locale: 'ar' });
  expect(widgets().length).toBe(1);
  expect(widgets()[0]).toMatchObject({ lang: 'ar', dir: 'rtl' });
});

test('booting again begins anew; listeners stay', async () => {
  await run();
  const heard: unknown[] = [];
  const off = window.Continuo?.('on', 'unread', (count: number) => heard.push(count));
  window.Continuo?.('boot', { channel: 'web_2' });
  expect(widgets().length).toBe(1);
  widgets()[0]?.dispatchEvent(new CustomEvent('continuo:unread', { detail: 3, bubbles: true }));
  if (typeof off === 'function') off();
  widgets()[0]?.dispatchEvent(new CustomEvent('continuo:unread', { detail: 4, bubbles: true }));
  expect(heard).toEqual([3]);
});

test('an unknown command is a clear error', async () => {
  await run();
  expect(() => window.Continuo?.('fly')).toThrow('Continuo: no fly');
});

test('while the page is drawn ahead of its visit, nothing shows', async () => {
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
  history.replaceState(null, '', `/#continuo=${TOKEN}`);
  await run();
  expect([widgets().length, location.hash]).toEqual([0, '']);
  Object.defineProperty(document, 'prerendering', { value: false, configurable: true });
  document.dispatchEvent(new Event('prerenderingchange'));
  expect(widgets().length).toBe(1);
});
