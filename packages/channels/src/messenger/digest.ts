import { createHash } from 'node:crypto';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys in order, so that two writings of one event are the same text. */
const sorted = (_key: string, value: unknown): unknown =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** An id for an event that Meta gave none, from all that it says: the same at each repetition. */
export const digestOf = (event: unknown): string =>
  createHash('sha256').update(JSON.stringify(event, sorted)).digest('base64url');
