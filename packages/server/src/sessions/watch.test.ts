import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSessionWatch } from './watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const create = () => {
  const live = new Set<string>();
  const reads: string[][] = [];
  const touched: string[][] = [];
  let failing = false;
  const watch = createSessionWatch({
    now: () => Date.now(),
    log: pino({ level: 'silent' }),
    liveOf: async (ids) => {
      reads.push(ids);
      if (failing) throw new Error('the disk is gone');
      return live;
    },
    touch: async (ids) => void touched.push(ids),
  });
  return { watch, live, reads, touched, fail: (is: boolean) => (failing = is) };
};

test('every stream of a session that ended is told, and no other', async () => {
  const { watch, live } = create();
  live.add('a').add('b');
  const [one, two, other] = [watch.add('a'), watch.add('a'), watch.add('b')];
  await vi.advanceTimersByTimeAsync(600);
  expect([one, two, other].map(({ ended }) => ended)).toEqual([false, false, false]);
  live.delete('a');
  await vi.advanceTimersByTimeAsync(500);
  expect([one, two, other].map(({ ended }) => ended)).toEqual([true, true, false]);
});

test('one read for all streams, none while there is no stream', async () => {
  const { watch, live, reads } = create();
  live.add('a');
  const streams = [watch.add('a'), watch.add('a')];
  await vi.advanceTimersByTimeAsync(1000);
  expect(reads).toEqual([['a'], ['a']]);
  for (const stream of streams) stream.release();
  await vi.advanceTimersByTimeAsync(5000);
  expect(reads.length).toBeLessThanOrEqual(3);
  expect(vi.getTimerCount()).toBe(0);
  watch.add('a');
  expect(vi.getTimerCount()).toBe(1);
});

test('a read that fails ends nobody, and is repeated', async () => {
  const { watch, fail } = create();
  const stream = watch.add('a');
  fail(true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(stream.ended).toBe(false);
  fail(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(stream.ended).toBe(true);
});

test('a stream that stays open counts as use, once an hour', async () => {
  const { watch, live, touched } = create();
  live.add('a');
  watch.add('a');
  await vi.advanceTimersByTimeAsync(3_600_000 - 1000);
  expect(touched).toEqual([]);
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  expect(touched).toEqual([['a'], ['a']]);
});

test('one session holds no more than 64 streams, and others are not concerned', () => {
  const { watch } = create();
  const streams = Array.from({ length: 64 }, () => watch.add('a'));
  expect(() => watch.add('a')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  watch.add('b');
  streams[0]?.release();
  watch.add('a');
});
