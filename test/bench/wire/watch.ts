import { performance } from 'node:perf_hooks';
import type { Reader } from '../system.ts';

/** Finds an awaited text in what comes in, however it is cut into chunks. */
export interface Watch extends Pick<Reader, 'arrival'> {
  feed(chunk: Buffer): void;
}

/** Bytes kept from one chunk to the next: longer than any id. */
const TAIL = 128;

export const createWatch = (): Watch => {
  let wanted: { id: string; arrived: (at: number) => void } | null = null;
  let tail: Buffer = Buffer.alloc(0);
  return {
    feed(chunk) {
      const at = performance.now();
      const seen = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk;
      tail = seen.subarray(Math.max(0, seen.length - TAIL));
      if (wanted === null || !seen.includes(wanted.id)) return;
      const { arrived } = wanted;
      wanted = null;
      arrived(at);
    },
    arrival: (id) =>
      new Promise((arrived) => {
        wanted = { id, arrived };
      }),
  };
};
