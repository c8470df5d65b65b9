import type { PendingMessage } from '../outbox/outbox.ts';
import type { EventItem } from './log.ts';

/** A message that is not in the log yet. `key` is its client id, and stays the same when it is. */
export interface PendingItem {
  key: string;
  seq: null;
  pending: PendingMessage;
}

/** A line of the timeline: an event of the log, or a message on its way there. */
export type TimelineItem = EventItem | PendingItem;

/** The log, then what is not in it yet, in the order written. The log itself where nothing else is: it may be long. */
export const toTimeline = (
  items: readonly EventItem[],
  pending: readonly PendingMessage[],
): readonly TimelineItem[] =>
  pending.length === 0
    ? items
    : [...items, ...pending.map((entry) => ({ key: entry.clientId, seq: null, pending: entry }) as const)];
