export interface Percentiles {
  p50: number;
  p99: number;
}

/** The 50th and 99th percentile of samples, by nearest rank. */
export const percentiles = (samples: readonly number[]): Percentiles => {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
};
