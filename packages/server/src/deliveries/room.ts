import type { Runtime } from '../runtime.ts';
import type { Store } from '../storage/store.ts';

/** Queues that a worker of this process empties. */
export type Queue = 'inbound' | 'deliveries';

interface Room {
  /** When this process began to see who is on the web, epoch ms. */
  since: number;
  listeners: Map<Queue, () => void>;
}

/** One for each server of the process, gone with it. */
const rooms = new WeakMap<Store, Room>();

const roomOf = (rt: Pick<Runtime, 'store' | 'now'>): Room => {
  const known = rooms.get(rt.store);
  if (known) return known;
  const room: Room = { since: rt.now(), listeners: new Map() };
  rooms.set(rt.store, room);
  return room;
};

/**
 * Wakes the queue's worker, if one runs in this process. Inside a transaction call it after the commit. Workers of other
 * nodes are left alone: they would only contend for the same rows, and find within seconds what this one leaves.
 */
export const ring = (rt: Pick<Runtime, 'store' | 'now'>, queue: Queue): void =>
  roomOf(rt).listeners.get(queue)?.();

/** Who is woken for this queue; null: nobody any more. */
export const listen = (rt: Pick<Runtime, 'store' | 'now'>, queue: Queue, wake: (() => void) | null): void => {
  const { listeners } = roomOf(rt);
  if (wake) listeners.set(queue, wake);
  else listeners.delete(queue);
};

/** How long other nodes may take to tell a new one who is on the web. */
const HEAR_MS = 2000;

/**
 * From when what presence says can be relied on, epoch ms: after a start, pages have a follow delay to come back before
 * their customers count as away.
 */
export const presenceKnownFrom = (rt: Pick<Runtime, 'store' | 'now' | 'config'>): number =>
  roomOf(rt).since + Math.max(rt.config.followDelayMs, rt.store.engine === 'postgres' ? HEAR_MS : 0);
