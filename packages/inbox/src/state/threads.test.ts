import type { PendingMessage, TimelineItem } from '@continuo/core/conversation';
import { atom } from 'nanostores';
import { expect, test } from 'vitest';
import { environmentOf, FakeServer } from '../test-support.tsx';
import { openThread } from './thread.ts';
import { createThreads } from './threads.ts';

const itemOf = (state: PendingMessage['state']): TimelineItem => ({
  key: 'c',
  seq: null,
  pending: { clientId: 'c', text: 'x', at: 0, state, error: null },
});

/** Threads whose messages are set by hand, and a note of what was done to them. */
const create = () => {
  const notes: string[] = [];
  const messages = new Map<string, ReturnType<typeof atom<readonly TimelineItem[]>>>();
  const environment = environmentOf();
  const threads = createThreads((id) => {
    notes.push(`open ${id}`);
    const thread = openThread({ api: new FakeServer().api, id, agentId: 'sara', environment });
    const $messages = atom<readonly TimelineItem[]>([]);
    messages.set(id, $messages);
    return {
      ...thread,
      conversation: { ...thread.conversation, $messages },
      destroy() {
        notes.push(`destroy ${id}`);
        thread.destroy();
      },
    };
  });
  const setState = (id: string, state: PendingMessage['state'] | null) =>
    messages.get(id)?.set(state ? [itemOf(state)] : []);
  return { ...threads, notes, setState };
};

test('one thread is open at a time', () => {
  const { show, notes, $thread } = create();
  show('a');
  show('a');
  show('b');
  show(null);
  expect($thread.get()).toBeNull();
  expect(notes).toEqual(['open a', 'open b', 'destroy a', 'destroy b']);
});

test('a thread that is left with messages on their way stays until they are sent', () => {
  const { show, notes, setState } = create();
  show('a');
  setState('a', 'waiting');
  show('b');
  setState('a', 'sending');
  expect(notes).toEqual(['open a', 'open b']);
  setState('a', null);
  expect(notes).toEqual(['open a', 'open b', 'destroy a']);
});

test('what failed waits in the storage, not in an open thread', () => {
  const { show, notes, setState } = create();
  show('a');
  setState('a', 'failed');
  show('b');
  expect(notes).toContain('destroy a');
});

test('coming back takes the same thread, so that nothing is sent by two', () => {
  const { show, notes, setState, $thread } = create();
  show('a');
  const first = $thread.get();
  setState('a', 'sending');
  show('b');
  show('a');
  expect($thread.get()).toBe(first);
  setState('a', null);
  expect(notes).toEqual(['open a', 'open b', 'destroy b']);
});

test('the end of the desk ends them all', () => {
  const { show, notes, setState, destroy } = create();
  show('a');
  setState('a', 'sending');
  show('b');
  destroy();
  expect(notes.slice(2).sort()).toEqual(['destroy a', 'destroy b']);
});
