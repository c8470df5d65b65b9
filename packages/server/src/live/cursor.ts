import type { Runtime } from '../runtime.ts';

/** Start of the cursor's intervals: 9 October 2024, 00:00 UTC (Durable Streams protocol §10.1). */
const EPOCH = Date.UTC(2024, 9, 9);
/** Milliseconds in an interval (same place). */
const INTERVAL = 20_000;
/** The most seconds that a cursor jumps ahead (same place). */
const JITTER_SECONDS = 3600;

/**
 * A cursor for a live answer: the number of the present interval, or a number after the reader's own cursor where that
 * is not behind, so that a shared cache never serves the same answer for ever.
 */
export const nextCursor = (
  own: string | null,
  { now, randomBytes }: Pick<Runtime, 'now' | 'randomBytes'>,
): string => {
  const current = Math.floor((now() - EPOCH) / INTERVAL);
  const known = own !== null && /^\d{1,15}$/.test(own) ? Number(own) : -1;
  if (known < current) return String(current);
  const random = Buffer.from(randomBytes(4)).readUInt32BE() / 2 ** 32;
  const seconds = 1 + Math.floor(random * JITTER_SECONDS);
  return String(known + Math.ceil((seconds * 1000) / INTERVAL));
};
