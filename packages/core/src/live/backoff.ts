/** The longest wait before the n-th repetition: 0.5 s, doubled each time, at most 30 s. The wait is a random part of it ("full jitter"). */
export const backoff = (failures: number): number => Math.min(30_000, 500 * 2 ** (failures - 1));

/**
 * The same for a live stream. One drop is mended at once. Where that fails the server itself may be gone, and everybody
 * waits for it: over 16 s, 2,000 of them are 125 a second. Then 24 s, then 30 s.
 */
export const reconnectWithin = (failures: number): number =>
  failures === 1 ? 500 : Math.min(30_000, 8000 * failures);
