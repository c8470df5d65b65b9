/** A table of the report, its ratios in the first columns: they alone can be compared between machines. */
export interface Section {
  title: string;
  /** How its ratios are read. */
  note: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** What was promised, and what came of it. */
export interface Target {
  promise: string;
  met: boolean;
  words: string;
}

export const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : value < 100 ? 2 : 0)} ms`;
export const kB = (bytes: number | null): string =>
  bytes === null ? '–' : `${(bytes / 1000).toFixed(1)} kB`;
export const count = (value: number): string => Math.round(value).toLocaleString('en');
export const perSecond = (value: number): string => `${count(value)}/s`;
export const microseconds = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} µs`;
/** Of one processor: `0.85` is 85 %. */
export const percent = (value: number | null): string =>
  value === null ? 'not seen' : `${Math.round(value * 100)} %`;
export const times = (value: number): string =>
  Number.isFinite(value) ? `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ×` : '–';
/** One value over another, where both were measured. */
export const ratio = (value: number | null | undefined, over: number | null | undefined): string =>
  value == null || over == null ? '–' : times(value / over);
