import { LIMITS } from '@continuo/protocol';
import type { LogPage, Store } from '../storage/store.ts';

/** Reads that are under way, of each store. */
const pending = new WeakMap<Store, Map<string, Promise<LogPage | null>>>();

/**
 * The page after a seq. Readers who ask for the same page while it is being read share the read, and the page: when
 * a thousand of them hear that another node has appended something, the database is asked once.
 */
export const readPageShared = (
  store: Store,
  conversationId: string,
  after: number,
): Promise<LogPage | null> => {
  const reads = pending.get(store) ?? new Map<string, Promise<LogPage | null>>();
  pending.set(store, reads);
  const key = `${conversationId} ${after}`;
  const known = reads.get(key);
  if (known) return known;
  const read = store.readAfter(conversationId, after, LIMITS.pageSize).finally(() => reads.delete(key));
  reads.set(key, read);
  return read;
};
