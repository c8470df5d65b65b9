import { expect, onTestFinished, test, vi } from 'vitest';
import { until } from '../../test-support/world.ts';
import { createBrowserTabs } from './tabs.ts';

/** Node's own locks and channels are the browser's. */
const open = () => {
  const tabs = createBrowserTabs(navigator.locks, BroadcastChannel);
  if (!tabs) throw new Error('There are locks and channels');
  return tabs;
};

test('a tab hears the others, not itself, until it leaves', async () => {
  const [one, other] = [vi.fn(), vi.fn()];
  const channels = [open().join('test', one), open().join('test', other)];
  onTestFinished(() => {
    for (const channel of channels) channel.close();
  });
  channels[0]?.post({ text: 'Hello' });
  await until(() => expect(other).toHaveBeenCalledWith({ text: 'Hello' }));
  channels[0]?.close();
  channels[1]?.post('too late');
  // What cannot be cloned is nobody's loss.
  channels[1]?.post(() => {});
  expect(one).not.toHaveBeenCalled();
});

test('a page that is put away leaves its channels, and joins them again when it is back', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const hear = vi.fn();
  const channel = open().join('test', hear);
  const other = open().join('test', () => {});
  onTestFinished(() => {
    channel.close();
    other.close();
  });
  page.dispatchEvent(new Event('pagehide'));
  other.post(1);
  page.dispatchEvent(new Event('pageshow'));
  other.post(2);
  await until(() => expect(hear.mock.calls).toEqual([[2]]));
});

test('a lock is held by one at a time, and let go when its work is done', async () => {
  const order: string[] = [];
  const { signal } = new AbortController();
  const { lock } = open();
  let end = () => {};
  const first = lock(
    'lock',
    () =>
      new Promise<void>((resolve) => {
        order.push('first');
        end = resolve;
      }),
    signal,
  );
  const gaveUp = new AbortController();
  const impatient = lock('lock', async () => void order.push('impatient'), gaveUp.signal);
  const second = lock('lock', async () => void order.push('second'), signal);
  await until(() => expect(order).toEqual(['first']));
  gaveUp.abort();
  await expect(impatient).rejects.toThrow();
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

test('without locks or channels a tab stands alone; where they are forbidden nothing throws', async () => {
  expect(createBrowserTabs(undefined, BroadcastChannel)).toBeUndefined();
  expect(createBrowserTabs(navigator.locks, undefined)).toBeUndefined();
  class Forbidden {
    constructor() {
      throw new DOMException('', 'SecurityError');
    }
  }
  const tabs = createBrowserTabs(navigator.locks, Forbidden as never);
  const channel = tabs?.join('test', () => {});
  channel?.post(1);
  channel?.close();
});
