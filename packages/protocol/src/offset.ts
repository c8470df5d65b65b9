import { LIMITS } from './limits.ts';

/** The offset after event `seq`: where to read on. Digits only, padded so that offsets sort as text. */
export const toOffset = (seq: number): string => String(seq).padStart(LIMITS.offsetDigits, '0');

/** The seq that an offset stands after; null when it is not one of ours. `-1`, the start of a stream, gives 0. */
export const fromOffset = (offset: string): number | null => {
  if (offset === '-1') return 0;
  return /^\d{16}$/.test(offset) ? Number(offset) : null;
};
