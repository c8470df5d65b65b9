/** PostgreSQL's text holds every character but this one. */
const NUL = '\0';

/** What a reader sees where something could not be shown (Unicode's replacement character). */
const REPLACEMENT = '\uFFFD';

/** A text as PostgreSQL can store it. */
export const storable = (text: string): string =>
  text.includes(NUL) ? text.replaceAll(NUL, REPLACEMENT) : text;

/** A query's parameter as PostgreSQL can store it. */
export const toInput = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value);
