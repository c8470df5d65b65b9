import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ContinuoError } from '../errors.ts';
import { type Attempt, createLive } from './create-live.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const setUp = () => {
  const attempts: (Attempt & { end: (isOver: boolean) => void; fail: (error: unknown) => void })[] = [];
  const states: string[] = [];
  const live = createLive({
    now: Date.now,
    random: () => 1,
    load: async () => {},
    read: (attempt) =>
      new Promise((end, fail) => {
        attempts.push({ ...attempt, end, fail });
      }),
    onState: (state) => states.push(state),
    onEnter: () => {},
  });
  live.dispatch({ type: 'open' });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { live, attempts, states, pass, last: () => attempts[attempts.length - 1] };
};

test('50 s of silence end a stream; each sign of life begins them anew', async () => {
  const { attempts, last, pass } = setUp();
  await pass(0);
  last()?.onAlive();
  await pass(49_000);
  last()?.onAlive();
  await pass(49_999);
  expect(attempts).toHaveLength(1);
  expect(last()?.signal.aborted).toBe(false);
  await pass(1);
  expect(attempts[0]?.signal.aborted).toBe(true);
  await pass(500);
  expect(attempts).toHaveLength(2);
});

test('a stream from which nothing comes within 5 s is polled instead, and tried again when polling fails too', async () => {
  const { attempts, last, pass } = setUp();
  await pass(4999);
  expect(attempts).toHaveLength(1);
  await pass(1);
  expect(attempts.map(({ isPolling }) => isPolling)).toEqual([false, true]);
  expect(attempts[0]?.signal.aborted).toBe(true);
  last()?.fail(new ContinuoError('network'));
  await pass(500);
  expect(attempts.map(({ isPolling }) => isPolling)).toEqual([false, true, false]);
});

test('polling that works is kept', async () => {
  const { attempts, last, pass } = setUp();
  await pass(5000);
  last()?.onAlive();
  last()?.end(true);
  await pass(500);
  expect(attempts.map(({ isPolling }) => isPolling)).toEqual([false, true, true]);
});

test('on another network, or after a long absence, streaming gets its next chance', async () => {
  const { live, attempts, last, pass } = setUp();
  await pass(5000);
  last()?.onAlive();
  live.wake(true);
  await pass(0);
  expect(attempts.map(({ isPolling }) => isPolling)).toEqual([false, true]);
  live.wake(false);
  await pass(0);
  expect(attempts.map(({ isPolling }) => isPolling)).toEqual([false, true, false]);
  await pass(5000);
  last()?.onAlive();
  await pass(25_000);
  live.wake(true);
  await pass(0);
  expect(attempts.map(({ isPolling }) => isPolling)).toEqual([false, true, false, true, false]);
});

test('the patience that the server asks for comes before the jitter', async () => {
  const { attempts, last, pass } = setUp();
  await pass(0);
  last()?.fail(new ContinuoError('unavailable', { status: 503, retryAfter: 3 }));
  await pass(3499);
  expect(attempts).toHaveLength(1);
  await pass(1);
  expect(attempts).toHaveLength(2);
});

test('back in sight, a stream heard from a moment ago is kept and an older one is not', async () => {
  const { live, attempts, last, pass } = setUp();
  await pass(0);
  last()?.onAlive();
  await pass(24_999);
  live.wake(true);
  await pass(0);
  expect(attempts).toHaveLength(1);
  await pass(1);
  live.wake(true);
  await pass(0);
  expect(attempts).toHaveLength(2);
});

test('stopped, it leaves no timer and no request', async () => {
  const { live, last, pass } = setUp();
  await pass(0);
  last()?.onAlive();
  live.stop();
  expect(vi.getTimerCount()).toBe(0);
  expect(last()?.signal.aborted).toBe(true);
  live.dispatch({ type: 'open' });
  expect(vi.getTimerCount()).toBe(0);
});
