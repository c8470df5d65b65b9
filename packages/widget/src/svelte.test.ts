import { flushSync, mount, unmount } from 'svelte';
import { fromStore, get, writable } from 'svelte/store';
import { afterEach, expect, test } from 'vitest';
import { type Continuo, useContinuo } from './svelte.ts';
import { until } from './testing/until.ts';

const chats = () => document.querySelectorAll('continuo-chat');

afterEach(() => {
  for (const chat of chats()) chat.remove();
});

test('the chat lives as long as the component, and follows language and channel', async () => {
  const options = writable({ channel: 'web_1', baseUrl: 'https://chat.test/', locale: 'en' });
  const state = fromStore(options);
  let continuo: Continuo | undefined;
  const component = mount(
    () => {
      continuo = useContinuo(() => state.current);
      expect(get(continuo.widget)).toBeNull();
      return {};
    },
    { target: document.createElement('div'), context: new Map() },
  );
  flushSync();
  if (!continuo) throw new Error('Nothing was mounted');
  const { widget, unread } = continuo;
  const [first] = chats();
  expect(get(widget)).not.toBeNull();
  first?.dispatchEvent(new CustomEvent('continuo:unread', { detail: 3 }));
  expect(get(unread)).toBe(3);

  options.update((before) => ({ ...before, locale: 'ar' }));
  flushSync();
  expect([...chats()]).toEqual([first]);
  expect(first).toMatchObject({ lang: 'ar' });

  options.update((before) => ({ ...before, channel: 'web_2' }));
  flushSync();
  expect(chats()).toHaveLength(1);
  expect(chats()[0]).not.toBe(first);
  expect(get(unread)).toBe(0);
  await unmount(component);
  await until(() => expect(chats()).toHaveLength(0));
  expect(get(widget)).toBeNull();
});
