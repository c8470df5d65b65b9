import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTypingNotice } from './typing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('typing is told every 3 s while it lasts and once when it stops', () => {
  const sent: [seconds: number, on: boolean][] = [];
  const start = Date.now();
  const { type } = createTypingNotice((on) => sent.push([(Date.now() - start) / 1000, on]), Date.now);
  for (let n = 0; n < 8; n++) {
    type();
    vi.advanceTimersByTime(1000);
  }
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([
    [0, true],
    [3, true],
    [6, true],
    [12, false],
  ]);
});

test('a message that is sent says so itself', () => {
  const send = vi.fn();
  const { type, stop } = createTypingNotice(send, Date.now);
  type();
  stop(true);
  vi.advanceTimersByTime(60_000);
  expect(send.mock.calls).toEqual([[true]]);
});
