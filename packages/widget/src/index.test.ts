import { expect, test, vi } from 'vitest';

test('the public names', async () => {
  expect(Object.keys(await import('./index.ts'))).toEqual(['createWidget']);
  expect(Object.keys(await import('./element.ts'))).toEqual(['defineElement']);
  expect(Object.keys(await import('./preact.ts')).sort()).toEqual(['ContinuoChat', 'useContinuo']);
  expect(Object.keys(await import('./react.ts')).sort()).toEqual(['ContinuoChat', 'useContinuo']);
});

test('createWidget says what is missing', async () => {
  const { createWidget } = await import('./index.ts');
  expect(() => createWidget({ channel: '', baseUrl: 'https://chat.test/' })).toThrow(/channel/);
});

test('the handle drives the widget and tells its events until it is told not to', async () => {
  const { createWidget } = await import('./index.ts');
  const widget = createWidget({ channel: 'web_1', baseUrl: 'https://chat.test/' });
  const host = document.querySelector('continuo-chat');
  const heard = vi.fn();
  const ended = new AbortController();
  widget.on('unread', heard, { signal: ended.signal });
  const tell = (count: number) => host?.dispatchEvent(new CustomEvent('continuo:unread', { detail: count }));
  tell(2);
  expect([heard.mock.calls, widget.$unread.get()]).toEqual([[[2]], 2]);
  ended.abort();
  tell(5);
  expect([heard.mock.calls.length, widget.$unread.get()]).toEqual([1, 5]);
  widget.hide();
  expect(host?.shadowRoot?.querySelector('button')?.hidden).toBe(true);
  widget.destroy();
  expect(document.querySelector('continuo-chat')).toBeNull();
});
