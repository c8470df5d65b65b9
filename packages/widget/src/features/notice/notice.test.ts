import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../../testing/until.ts';
import { isMuted, setMuted, takeTurn } from './sound.ts';
import { createTitle } from './title.ts';

let isHidden = true;
let waits = '2';
const titles: ReturnType<typeof createTitle>[] = [];

const begin = () => {
  const title = createTitle({ page: document, waiting: () => waits });
  titles.push(title);
  title.draw();
  return title;
};
const show = (hidden: boolean) => {
  isHidden = hidden;
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  isHidden = true;
  waits = '2';
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  document.title = 'Brand';
});
afterEach(() => {
  for (const title of titles.splice(0)) title.stop();
  vi.restoreAllMocks();
  localStorage.clear();
});

test('the title of a page that nobody looks at tells how much waits, until someone does', () => {
  const title = begin();
  expect(document.title).toBe('(2) Brand');
  waits = '٣';
  title.draw();
  expect(document.title).toBe('(٣) Brand');
  show(false);
  expect(document.title).toBe('Brand');
});

test('what the page does with its title meanwhile is kept', async () => {
  begin();
  document.title = 'Another page';
  await until(() => expect(document.title).toBe('(2) Another page'));
  show(false);
  expect(document.title).toBe('Another page');
});

test('a page that counts by itself is left alone, and so is one whose title only looks a little like it', () => {
  document.title = '(5) Brand';
  begin();
  expect(document.title).toBe('(5) Brand');
  document.title = '(Sale) Brand';
  titles[0]?.draw();
  expect(document.title).toBe('(2) (Sale) Brand');
});

test('nothing is left behind', () => {
  begin().stop();
  expect(document.title).toBe('Brand');
  show(true);
  expect(document.title).toBe('Brand');
});

/** Locks as a browser shares them between its tabs. */
const createLocks = () => {
  const held = new Set<string>();
  return {
    request: async (
      name: string,
      _options: object,
      use: (lock: object | null) => unknown,
    ): Promise<unknown> => {
      if (held.has(name)) return use(null);
      held.add(name);
      await use({ name });
      return held.delete(name);
    },
  };
};

test('of three tabs one rings, and none where the message is seen in one of them', async () => {
  const locks = createLocks();
  const rings = (name: string, seen: boolean[]) =>
    Promise.all(seen.map((isSeen) => takeTurn({ name, isSeen, locks })));
  expect((await rings('1', [false, false, false])).filter(Boolean)).toHaveLength(1);
  expect(await rings('2', [false, true, false])).toEqual([false, false, false]);
});

test('without locks each tab decides for itself', async () => {
  expect(await takeTurn({ name: '1', isSeen: false, locks: undefined })).toBe(true);
  expect(await takeTurn({ name: '1', isSeen: true, locks: undefined })).toBe(false);
});

test('muting is remembered, for this channel', () => {
  const options = { channel: 'web_1', baseUrl: '' };
  setMuted(options, true);
  expect(isMuted(options)).toBe(true);
  expect(isMuted({ ...options, channel: 'web_2' })).toBe(false);
  setMuted({ ...options, consent: 'none' }, true);
  expect(isMuted({ ...options, consent: 'none' })).toBe(true);
  setMuted(options, false);
  expect(localStorage.length).toBe(0);
});
