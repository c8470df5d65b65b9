import type { RandomBytes } from '../runtime.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 300_000;

/** A number from 0 up to 1. */
const fraction = (randomBytes: RandomBytes): number => {
  const [high = 0, low = 0] = randomBytes(2);
  return (high * 256 + low) / 65_536;
};

/** Milliseconds before another try: twice as long each time up to five minutes, and between half and all of that by chance. */
export const backoff = (attempt: number, randomBytes: RandomBytes): number => {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(longest * (0.5 + fraction(randomBytes) / 2));
};
