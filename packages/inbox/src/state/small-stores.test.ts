import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAnnouncer } from './announcer.ts';
import { createDrafts } from './drafts.ts';
import { createPreferences } from './preferences.ts';
import { forgetTyping, noteTyping } from './typing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
});

test('the first message is read out, what follows within a second is counted', () => {
  const { $announcement, wrote } = createAnnouncer();
  wrote('Amal', 'One');
  expect($announcement.get()).toBeNull();
  vi.advanceTimersByTime(250);
  expect($announcement.get()?.said).toEqual({ kind: 'message', name: 'Amal', text: 'One' });
  wrote('Amal', 'Two');
  wrote('Jonas', 'Three');
  vi.advanceTimersByTime(999);
  expect($announcement.get()?.id).toBe(1);
  vi.advanceTimersByTime(1);
  expect($announcement.get()).toEqual({ id: 2, said: { kind: 'many', count: 2 } });
  vi.advanceTimersByTime(5000);
  wrote('Amal', 'Two');
  vi.advanceTimersByTime(250);
  expect($announcement.get()).toEqual({ id: 3, said: { kind: 'message', name: 'Amal', text: 'Two' } });
});

test('typing is over after six seconds that nobody renewed', () => {
  const state = noteTyping({}, { conversationId: 'a', on: true, now: 0 });
  expect(forgetTyping(state, 5999)).toBe(state);
  expect(forgetTyping(noteTyping(state, { conversationId: 'a', on: true, now: 3000 }), 6001)).toHaveProperty(
    'a',
  );
  expect(forgetTyping(state, 6000)).toEqual({});
  expect(noteTyping(state, { conversationId: 'a', on: false, now: 1 })).toEqual({});
});

test('drafts survive where nothing may be stored', () => {
  const drafts = createDrafts(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  drafts.write('a', 'Half');
  expect(drafts.read('a')).toBe('Half');
  expect(drafts.read('b')).toBe('');
});

test('a sent draft leaves nothing behind', () => {
  const drafts = createDrafts(() => localStorage);
  drafts.write('a', 'Half');
  expect(createDrafts(() => localStorage).read('a')).toBe('Half');
  drafts.write('a', '');
  expect(localStorage.length).toBe(0);
});

test('choices of the agent outlast the page and the browser’s languages', () => {
  const first = createPreferences(() => localStorage, ['en']);
  expect(first.$translator.get().locale).toBe('en');
  first.setLocale('ar');
  first.setShortcuts(false);
  const second = createPreferences(() => localStorage, ['en']);
  expect(second.$translator.get().dir).toBe('rtl');
  expect(second.$shortcuts.get()).toBe(false);
});
