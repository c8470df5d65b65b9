import { afterEach, expect, test, vi } from 'vitest';
import { createApp, h, nextTick, reactive, type ShallowRef } from 'vue';
import type { CreateWidgetOptions, Widget } from './create-widget.ts';
import { until } from './testing/until.ts';
import { ContinuoChat, useContinuo } from './vue.ts';

let widget: Readonly<ShallowRef<Widget | null>> | undefined;
const options = reactive<CreateWidgetOptions>({
  channel: 'web_1',
  baseUrl: 'https://chat.test/',
  launcher: 'hidden',
});
const useChat = () => {
  widget = useContinuo(options);
  expect(widget.value).toBeNull();
  return () => null;
};

const chats = () => document.querySelectorAll('continuo-chat');

afterEach(() => {
  for (const chat of chats()) chat.remove();
});

test('the chat lives as long as the component, and follows language and channel', async () => {
  const options = reactive({ channel: 'web_1', baseUrl: 'https://chat.test/', locale: 'en' });
  const app = createApp({ render: () => h(ContinuoChat, options) });
  app.mount(document.createElement('div'));
  const [first] = chats();
  expect(first).toMatchObject({ lang: 'en' });
  options.locale = 'ar';
  await nextTick();
  expect([...chats()]).toEqual([first]);
  expect(first).toMatchObject({ lang: 'ar' });

  options.channel = 'web_2';
  await nextTick();
  expect(chats()).toHaveLength(1);
  expect(chats()[0]).not.toBe(first);
  app.unmount();
  await until(() => expect(chats()).toHaveLength(0));
});

test('the composable gives the handle once it is mounted', () => {
  const app = createApp({ setup: useChat });
  app.mount(document.createElement('div'));
  const button = chats()[0]?.shadowRoot?.querySelector('button');
  expect(button?.hidden).toBe(true);
  widget?.value?.show();
  expect(button?.hidden).toBe(false);
  app.unmount();
  expect(widget?.value).toBeNull();
});

test('another identity logs in, and none logs out', async () => {
  const app = createApp({ setup: useChat });
  app.mount(document.createElement('div'));
  const current = widget?.value;
  if (!current) throw new Error('Nothing was mounted');
  const identify = vi.spyOn(current, 'identify').mockReturnValue();
  const logout = vi.spyOn(current, 'logout').mockResolvedValue();
  options.identity = 'a signed token';
  await nextTick();
  expect(identify.mock.calls).toEqual([['a signed token']]);
  options.identity = undefined;
  await nextTick();
  expect(logout).toHaveBeenCalledOnce();
  app.unmount();
});
