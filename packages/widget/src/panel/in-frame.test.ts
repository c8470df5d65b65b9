import { afterEach, expect, test, vi } from 'vitest';
import { inFrame } from './in-frame.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('what is asked for many times is done once, in the next frame', () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  const act = vi.fn();
  const other = vi.fn();
  for (let times = 0; times < 100; times++) inFrame(act);
  inFrame(other);
  expect([frames.length, act.mock.calls.length]).toEqual([1, 0]);
  frames[0]?.();
  expect([act.mock.calls.length, other.mock.calls.length]).toEqual([1, 1]);
  inFrame(act);
  frames[1]?.();
  expect(act).toHaveBeenCalledTimes(2);
});

test('a page without frames, since nobody looks at it, does it all the same', () => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', () => 1);
  const act = vi.fn();
  inFrame(act);
  vi.advanceTimersByTime(100);
  expect(act).toHaveBeenCalledOnce();
});
