import type { WebChannel } from '../../view/model.ts';

/** Whether it is open at a moment, and when that changes; null: not soon, as far as is known. */
export const openNow = (
  { week, changesAt }: NonNullable<WebChannel['hours']>,
  now: number,
): { open: boolean; changesAt: number | null } => {
  const next = week.find(([, until]) => now < until);
  if (!next) return { open: false, changesAt: changesAt !== null && changesAt > now ? changesAt : null };
  const [from, until] = next;
  return from <= now ? { open: true, changesAt: until } : { open: false, changesAt: from };
};
