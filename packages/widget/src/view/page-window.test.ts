import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bounds,
  FOLLOWING,
  forward,
  back as further,
  grow,
  MOST,
  PAGE,
  type PageWindow,
  trim,
} from './page-window.ts';

const back = (view: PageWindow, items: { key: string }[]) => trim(further(view, items), items);
const timeline = (length: number) => Array.from({ length }, (_, index) => ({ key: `k${index}` }));

test('however one moves, at most 200 are drawn, never none, and both ends can be reached', () => {
  const move = fc.oneof(
    fc.constant('back' as const),
    fc.constant('forward' as const),
    fc.integer({ min: 1, max: 70 }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.array(move, { maxLength: 40 }), (length, moves) => {
      let items = timeline(length);
      let view = FOLLOWING;
      for (const step of moves) {
        if (step === 'back') view = back(view, items);
        else if (step === 'forward') view = forward(view, items);
        else {
          items = timeline(items.length + step);
          view = grow(view, step);
        }
        const [start, end] = bounds(view, items);
        expect(end - start).toBeLessThanOrEqual(MOST);
        expect(end - start).toBeGreaterThan(0);
      }
      for (let i = 0; i <= items.length / PAGE; i++) view = back(view, items);
      expect(bounds(view, items)[0]).toBe(0);
      for (let i = 0; i <= items.length / PAGE; i++) view = forward(view, items);
      expect(bounds(view, items)[1]).toBe(items.length);
    }),
  );
});

test('what is being read does not leave when something arrives', () => {
  const before = bounds(FOLLOWING, timeline(60));
  const after = bounds(grow(FOLLOWING, 3), timeline(63));
  expect(after[0]).toBe(before[0]);
});

test('one page further back, then cut at the newest end', () => {
  const items = timeline(300);
  const full = { end: null, size: MOST };
  expect(bounds(further(full, items), items)).toEqual([50, 300]);
  expect(bounds(back(full, items), items)).toEqual([50, 250]);
});

test('an end that is gone follows the newest', () => {
  expect(bounds({ end: 'gone', size: 50 }, timeline(60))).toEqual([10, 60]);
});
