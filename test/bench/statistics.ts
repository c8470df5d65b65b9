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

/** The middle of samples; of two middles the mean. */
export const median = (samples: readonly number[]): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** The middle of samples, and how far they lie apart. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

export const spread = (samples: readonly number[]): Spread => ({
  median: median(samples),
  least: Math.min(...samples),
  most: Math.max(...samples),
});
