import { afterEach, beforeEach, expect, test, vi } from 'vitest';

vi.mock('./shell/shell.ts', { spy: true });

const TOKEN = 't'.repeat(43);

/** Runs the loader; gives the settings of each chat that it begins. */
const load = async () => {
  vi.resetModules();
  const { createShell } = await import('./shell/shell.ts');
  await import('./loader.ts');
  return () => vi.mocked(createShell).mock.calls.map(([{ options }]) => options);
};

/** The same as the page's script tag does. */
const run = async (attributes: Record<string, string> = {}, query = '') => {
  const script = document.createElement('script');
  Object.assign(script.dataset, { channel: 'web_1', ...attributes });
  script.setAttribute('type', 'text/plain');
  script.setAttribute('src', `https://chat.test/base/widget/loader.js${query}`);
  document.head.append(script);
  return load();
};
const widgets = () => document.querySelectorAll('continuo-chat');

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  delete window.Continuo;
  delete window.ContinuoSettings;
  vi.restoreAllMocks();
  vi.clearAllMocks();
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

test('what is asked for wrongly is told in the console, and nothing is thrown', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue();
  await run({ channel: '' });
  window.Continuo?.('boot');
  window.Continuo?.('boot', 'web_1');
  window.Continuo?.('boot', { locale: 'ar' });
  expect([told.mock.calls.length, widgets().length]).toEqual([3, 0]);
  expect(told).toHaveBeenLastCalledWith('Continuo: no', 'channel');
  window.Continuo?.('boot', { channel: 'web_1', locale: 7, theme: null, accent: {}, consent: 'everything' });
  expect(widgets()[0]).toMatchObject({ dir: 'ltr' });
  window.Continuo?.('fly');
  expect(told).toHaveBeenLastCalledWith('Continuo: no', 'fly');
});

test('five places say how it is set up, and the one nearer to the call wins', async () => {
  const element = document.createElement('continuo-chat');
  const names = ['channel', 'locale', 'accent', 'theme', 'launcher'];
  const source = (value: string, count: number) =>
    Object.fromEntries(names.slice(0, count).map((name) => [name, value]));
  Object.assign(element.dataset, source('element', 5));
  document.head.append(element);
  window.ContinuoSettings = source('settings', 2);
  const begun = await run(source('attribute', 3), `?${new URLSearchParams(source('query', 4))}`);
  window.Continuo?.('boot', source('boot', 1));
  expect(begun()).toEqual([
    {
      baseUrl: 'https://chat.test/base/',
      channel: 'settings',
      locale: 'settings',
      accent: 'attribute',
      theme: 'query',
      launcher: 'element',
    },
    {
      baseUrl: 'https://chat.test/base/',
      channel: 'boot',
      locale: 'settings',
      accent: 'attribute',
      theme: 'query',
      launcher: 'element',
    },
  ]);
});

test('a tag without attributes of its own is set up by its address', async () => {
  const script = document.createElement('script');
  script.setAttribute('src', 'https://chat.test/widget/loader.js?channel=web_2&locale=ar');
  const current = vi.spyOn(document, 'currentScript', 'get').mockReturnValue(script);
  const begun = await load();
  current.mockRestore();
  expect(begun()).toMatchObject([{ channel: 'web_2', baseUrl: 'https://chat.test/' }]);
  expect(widgets()[0]).toMatchObject({ lang: 'ar' });
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
