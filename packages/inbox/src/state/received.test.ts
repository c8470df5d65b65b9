import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOON, OMID, SARA, summaryOf } from '../test-fixtures.ts';
import { createReceived } from './received.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const wrote = (seq: number, from: 'customer' | 'agent' = 'customer') => ({
  id: 'c1',
  assignee: SARA,
  unread: 1,
  lastMessage: { seq, at: NOON, from, preview: 'Hello' },
});

const begin = () => {
  const told: [string, number][] = [];
  let isAway = false;
  const received = createReceived(
    {
      received: async (id, seq) => {
        told.push([id, seq]);
        if (isAway) throw new Error('away');
      },
    },
    SARA.id,
  );
  return { told, received, goAway: (away: boolean) => (isAway = away) };
};

test('what arrives in quick succession is told once, with its last seq', async () => {
  const { told, received } = begin();
  for (const seq of [2, 3, 4]) received.note(summaryOf(wrote(seq)));
  received.note(summaryOf(wrote(4)));
  await vi.runAllTimersAsync();
  received.note(summaryOf(wrote(4)));
  await vi.runAllTimersAsync();
  expect(told).toEqual([['c1', 4]]);
});

test('only customers’ words in the agent’s own conversations count', async () => {
  const { told, received } = begin();
  received.note(summaryOf({ ...wrote(2), assignee: OMID }));
  received.note(summaryOf({ ...wrote(2), assignee: null }));
  received.note(summaryOf(wrote(3, 'agent')));
  received.note(summaryOf({ ...wrote(4), unread: 0 }));
  await vi.runAllTimersAsync();
  expect(told).toEqual([]);
});

test('a receipt that was lost is told again with the next news', async () => {
  const { told, received, goAway } = begin();
  goAway(true);
  received.note(summaryOf(wrote(2)));
  await vi.runAllTimersAsync();
  goAway(false);
  received.note(summaryOf(wrote(2)));
  await vi.runAllTimersAsync();
  expect(told).toEqual([
    ['c1', 2],
    ['c1', 2],
  ]);
});
