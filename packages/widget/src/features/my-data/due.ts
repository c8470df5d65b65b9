import type { TimelineItem } from '../../view/model.ts';

/**
 * When everything is going to be erased, epoch ms; null: it is not.
 *
 * @param known - What the conversation said when it was read last, for where the request is too old to be in the items.
 */
export const dueAt = (items: readonly TimelineItem[], known: number | null): number | null => {
  for (const item of [...items].reverse()) {
    if (item.seq === null) continue;
    if (item.event.type === 'erasure.requested') return item.event.dueAt;
    if (item.event.type === 'erasure.cancelled') return null;
  }
  return known;
};
