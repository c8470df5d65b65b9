import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextCursor } from './cursor.ts';

const EPOCH = Date.UTC(2024, 9, 9);

test('without a cursor it is the number of 20 s intervals since 9 October 2024', () => {
  const at = (now: number) => nextCursor(null, { now: () => now, randomBytes: () => new Uint8Array(4) });
  expect(at(EPOCH)).toBe('0');
  expect(at(EPOCH + 1000 * 20_000 + 19_999)).toBe('1000');
});

test('it is always after the reader’s own, by an hour at the most, and never behind the clock', () => {
  fc.assert(
    fc.property(
      fc.option(fc.oneof(fc.integer({ min: 0, max: 3000 }).map(String), fc.string()), { nil: null }),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      (own, bytes) => {
        const cursor = nextCursor(own, { now: () => EPOCH + 1000 * 20_000, randomBytes: () => bytes });
        const before = own !== null && /^\d{1,15}$/.test(own) ? Number(own) : -1;
        expect(Number(cursor)).toBeGreaterThan(before);
        expect(Number(cursor)).toBeGreaterThanOrEqual(1000);
        expect(Number(cursor)).toBeLessThanOrEqual(Math.max(1000, before + 180));
      },
    ),
  );
});
