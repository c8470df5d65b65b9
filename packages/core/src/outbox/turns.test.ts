import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Tabs } from '../environment/tabs.ts';
import { createTurns } from './turns.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const join = () => ({ post: () => {}, close: () => {} });
const start = (tabs: Tabs | undefined) => {
  const run = vi.fn(async () => false);
  const life = new AbortController();
  const takeTurn = createTurns({ tabs, name: 'lock', signal: life.signal, run });
  return { run, life, takeTurn };
};
const never: Tabs = { join, lock: () => new Promise(() => {}) };

test('alone, it is always one’s turn; what is asked for meanwhile is another', async () => {
  const { run, takeTurn } = start(undefined);
  takeTurn();
  await vi.advanceTimersByTimeAsync(0);
  expect(run).toHaveBeenCalledTimes(1);
  run.mockImplementationOnce(async () => {
    takeTurn();
    return false;
  });
  takeTurn();
  await vi.advanceTimersByTimeAsync(0);
  expect(run).toHaveBeenCalledTimes(3);
});

test('a lock that never comes is waited for 5 s, and then little', async () => {
  const { run, takeTurn } = start(never);
  takeTurn();
  await vi.advanceTimersByTimeAsync(4999);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(run).toHaveBeenCalledTimes(1);
  takeTurn();
  await vi.advanceTimersByTimeAsync(500);
  expect(run).toHaveBeenCalledTimes(2);
});

test('where locks are refused it goes on without; what fails does not end it', async () => {
  const { run, takeTurn } = start({
    join,
    lock: () => Promise.reject(new DOMException('', 'SecurityError')),
  });
  run.mockRejectedValueOnce(new Error('once'));
  takeTurn();
  await vi.advanceTimersByTimeAsync(0);
  takeTurn();
  await vi.advanceTimersByTimeAsync(0);
  expect(run).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('ended, it takes no turn and leaves no timer', async () => {
  const { run, life, takeTurn } = start(never);
  takeTurn();
  await vi.advanceTimersByTimeAsync(0);
  life.abort();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).not.toHaveBeenCalled();
});
