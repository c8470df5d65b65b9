import type { InboxList } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInboxApi, type ListQuery } from '../api/inbox-api.ts';
import { OMID, SARA, summaryOf } from '../test-fixtures.ts';
import { FakeServer } from '../test-support.tsx';
import { createListStore } from './list-store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pageOf = (id: string): InboxList => ({
  conversations: [summaryOf({ id })],
  cursor: null,
  counts: { mine: 1, waiting: 0, all: 1 },
});

/** A list whose readings are answered by hand. */
const open = () => {
  const questions: { query: ListQuery; answer(page: InboxList): void; fail(): void }[] = [];
  const failures: unknown[] = [];
  const api = {
    ...createInboxApi(new FakeServer().api),
    list: (query: ListQuery) =>
      new Promise<InboxList>((answer, fail) =>
        questions.push({ query, answer, fail: () => fail(new Error()) }),
      ),
  };
  const store = createListStore(api, SARA.id, (cause) => failures.push(cause));
  const idsShown = () => store.$list.get().rows.map(({ id }) => id);
  return { store, questions, failures, idsShown };
};

const settle = () => vi.advanceTimersByTimeAsync(0);

test('an answer that comes after the view was changed is dropped', async () => {
  const { store, questions, idsShown } = open();
  void store.refresh();
  store.choose('all', 'open');
  questions[1]?.answer(pageOf('of-all'));
  await settle();
  questions[0]?.answer(pageOf('of-mine'));
  await settle();
  expect(idsShown()).toEqual(['of-all']);
});

test('a conversation that begins while the list is read stays, though the answer does not know it', async () => {
  const { store, questions, idsShown } = open();
  store.choose('all', 'open');
  store.changed(summaryOf({ id: 'new', updatedAt: 9e12 }));
  questions[0]?.answer(pageOf('old'));
  await settle();
  expect(idsShown()).toEqual(['new', 'old']);
});

test('the same view again asks nothing', () => {
  const { store, questions } = open();
  store.choose('mine', 'open');
  expect(questions).toHaveLength(0);
});

test('many changes are counted once, and only those that move something', async () => {
  const { store, questions } = open();
  void store.refresh();
  questions[0]?.answer(pageOf('a'));
  await settle();
  store.changed(summaryOf({ id: 'a', unread: 1 }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(questions).toHaveLength(1);

  store.changed(summaryOf({ id: 'a', assignee: OMID }));
  store.changed(summaryOf({ id: 'b', assignee: OMID }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(questions).toHaveLength(2);
  expect(questions[1]?.query).toEqual({ view: 'mine', status: 'open', cursor: null });
});

test('a failure is told only where something is shown that could mislead', async () => {
  const { store, questions, failures } = open();
  void store.refresh();
  questions[0]?.fail();
  await settle();
  expect(store.$list.get().phase).toBe('failed');
  expect(failures).toHaveLength(0);

  void store.refresh();
  questions[1]?.answer(pageOf('a'));
  await settle();
  void store.refresh();
  questions[2]?.fail();
  await settle();
  expect(failures).toHaveLength(1);
  expect(store.$list.get().phase).toBe('ready');
});
