import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../testing/until.ts';
import { createShell, type Shell } from './shell.ts';
import type { PanelHandle, PanelModule, WidgetOptions } from './types.ts';

const TOKEN = 't'.repeat(43);
const shells: Shell[] = [];

/** A panel that only notes what the shell asks of it. */
const fakePanel = () => {
  const heard: string[] = [];
  let isOpen = false;
  const handle: PanelHandle = {
    open: (focus) => {
      isOpen = true;
      heard.push(`open ${focus}`);
    },
    close: () => {
      isOpen = false;
      heard.push('close');
    },
    isOpen: () => isOpen,
    handoff: (token) => heard.push(`handoff ${token}`),
    localise: () => heard.push('localise'),
    consent: async () => void heard.push('consent'),
    identify: async () => void heard.push('identify'),
    logout: async () => void heard.push('logout'),
    destroy: () => heard.push('destroy'),
  };
  const module: PanelModule = { mountPanel: () => handle };
  const load = vi.fn((_failures: number) => Promise.resolve(module));
  return { heard, load };
};

const begin = (load: (failures: number) => Promise<PanelModule>, options: Partial<WidgetOptions> = {}) => {
  const shell = createShell({
    options: { channel: 'web_1', baseUrl: 'https://chat.test/', ...options },
    load,
  });
  shells.push(shell);
  return shell;
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  document.documentElement.lang = 'en';
});
afterEach(() => {
  for (const shell of shells.splice(0)) shell.destroy();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('draws a named button beside the body, and asks for nothing before there is intent', () => {
  const { load } = fakePanel();
  const shell = begin(load);
  shell.start();
  expect(shell.host.parentElement).toBe(document.documentElement);
  expect(shell.button.ariaLabel).toBe('Open chat');
  expect(load).not.toHaveBeenCalled();
});

test.each(['pointerenter', 'focus'])('%s fetches the panel, once, without opening it', async (type) => {
  const { load, heard } = fakePanel();
  const shell = begin(load);
  shell.button.dispatchEvent(new Event(type));
  shell.button.dispatchEvent(new Event(type));
  await until(() => expect(load).toHaveBeenCalledTimes(1));
  expect(heard).toEqual([]);
});

test('a thrifty connection fetches on the press only', async () => {
  vi.stubGlobal('navigator', { languages: ['en'], connection: { saveData: true } });
  localStorage.setItem('continuo:web_1', '1');
  const { load, heard } = fakePanel();
  const shell = begin(load);
  shell.start();
  shell.button.dispatchEvent(new Event('pointerenter'));
  expect(load).not.toHaveBeenCalled();
  shell.button.click();
  await until(() => expect(heard).toEqual(['open true']));
});

test('a device that had a conversation connects in the background', async () => {
  vi.useFakeTimers();
  localStorage.setItem('continuo:web_1', '1');
  const { load, heard } = fakePanel();
  begin(load).start();
  expect(load).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(600);
  expect([load.mock.calls.length, heard]).toEqual([1, []]);
});

test('what was open in this tab opens again, without taking the focus', async () => {
  sessionStorage.setItem('continuo:web_1', '1');
  const { load, heard } = fakePanel();
  begin(load).start();
  await until(() => expect(heard).toEqual(['open false']));
});

test('a conversation token goes to the panel at once; so does one that comes later', async () => {
  const { load, heard } = fakePanel();
  begin(load).start(TOKEN);
  await until(() => expect(heard).toEqual([`handoff ${TOKEN}`]));
  history.replaceState(null, '', `#continuo=${TOKEN.replaceAll('t', 'u')}`);
  dispatchEvent(new Event('hashchange'));
  await until(() => expect(heard[1]).toBe(`handoff ${TOKEN.replaceAll('t', 'u')}`));
  expect(location.hash).toBe('');
});

test('without consent nothing is taken up; with it, all is; withdrawn, the panel deletes what was kept', async () => {
  sessionStorage.setItem('continuo:web_1', '1');
  const { load, heard } = fakePanel();
  const shell = begin(load, { consent: 'none' });
  shell.start();
  await shell.consent('none');
  await shell.consent('marketing');
  expect(load).not.toHaveBeenCalled();
  await shell.consent('functional');
  await until(() => expect(heard).toEqual(['open false']));
  await shell.consent('none');
  expect(heard).toEqual(['open false', 'consent']);
});

test('where nothing was allowed and nothing opened, the end asks for nothing', async () => {
  const { load } = fakePanel();
  const shell = begin(load, { consent: 'none' });
  await shell.shutdown();
  expect([load.mock.calls.length, shell.host.isConnected]).toEqual([0, false]);
});

test('ended before the conversation was taken up, it is not', async () => {
  vi.useFakeTimers();
  localStorage.setItem('continuo:web_1', '1');
  const { load } = fakePanel();
  const shell = begin(load);
  shell.start();
  shell.destroy();
  expect(vi.getTimerCount()).toBe(0);
});

test('opened and closed again before the panel was there, it stays closed', async () => {
  const { load, heard } = fakePanel();
  const shell = begin(load);
  shell.open();
  shell.close();
  await until(() => expect(load).toHaveBeenCalled());
  await Promise.resolve();
  expect(heard).not.toContain('open true');
});

test('a failure shows on the button, is told, and the next press tries again', async () => {
  const { load, heard } = fakePanel();
  load.mockRejectedValueOnce(new Error('offline'));
  const shell = begin(load);
  const errors: unknown[] = [];
  document.addEventListener('continuo:error', (event) => errors.push(event), { once: true });
  shell.button.click();
  await until(() => expect(shell.button.ariaLabel).toBe('⚠ Open chat'));
  expect(errors.length).toBe(1);
  shell.button.click();
  await until(() => expect(heard).toEqual(['open true']));
  expect(load.mock.calls).toEqual([[0], [1]]);
});

test('comes back when the page takes it away, but not after its end', () => {
  vi.useFakeTimers();
  const { load } = fakePanel();
  const shell = begin(load);
  shell.host.remove();
  vi.runAllTimers();
  expect(shell.host.isConnected).toBe(true);
  shell.host.remove();
  shell.destroy();
  vi.runAllTimers();
  expect(document.querySelector('continuo-chat')).toBeNull();
});

test('its language and direction are its own', () => {
  const { load } = fakePanel();
  const shell = begin(load, { locale: 'ar-EG' });
  expect([shell.host.lang, shell.host.dir, shell.button.ariaLabel]).toEqual(['ar-EG', 'rtl', 'محادثة']);
  shell.setLocale(undefined);
  expect([shell.host.lang, shell.host.dir]).toEqual(['en', 'ltr']);
});

test('the option binds most, then what the visitor chose, then the page, then the browser', () => {
  const { load } = fakePanel();
  vi.stubGlobal('navigator', { languages: ['xx', 'hi-IN'] });
  const langs = (options: Partial<WidgetOptions>) => {
    const { host, destroy } = begin(load, options);
    destroy();
    return host.lang;
  };
  localStorage.setItem('continuo:locale', 'he');
  document.documentElement.lang = 'ar';
  expect(langs({ locale: 'fa' })).toBe('fa');
  expect(langs({})).toBe('he');
  localStorage.clear();
  expect(langs({})).toBe('ar');
  document.documentElement.lang = 'de';
  expect(langs({})).toBe('hi-IN');
});

test('shutdown ends the session first; the launcher can be hidden and shown', async () => {
  const { load, heard } = fakePanel();
  const shell = begin(load, { launcher: 'hidden' });
  expect(shell.button.hidden).toBe(true);
  shell.show();
  expect(shell.button.hidden).toBe(false);
  await shell.shutdown();
  expect(heard).toEqual(['logout', 'destroy']);
  expect(shell.host.isConnected).toBe(false);
});

test('who is logged in waits for the panel; a log-out fetches it, and keeps nobody in mind', async () => {
  const { load, heard } = fakePanel();
  const shell = begin(load);
  shell.identify('token of A');
  expect([load.mock.calls.length, shell.options.identity]).toEqual([0, 'token of A']);
  await shell.logout();
  expect([heard, shell.options.identity]).toEqual([['logout'], undefined]);
  shell.identify('token of B');
  expect(heard.at(-1)).toBe('identify');
});
