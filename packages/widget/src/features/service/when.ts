import type { Ui } from '../../panel/ui.tsx';

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** A day as one says it: today, tomorrow, the weekday, or the date. By the visitor's own clock. */
export const dayOf = (
  { shell: { host }, i18n }: Pick<Ui, 'shell' | 'i18n'>,
  at: number,
  now: number,
): string => {
  const ahead = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (ahead === 0 || ahead === 1)
    return new Intl.RelativeTimeFormat(host.lang, { numeric: 'auto' }).format(ahead, 'day');
  if (ahead < 7) return new Intl.DateTimeFormat(host.lang, { weekday: 'long' }).format(at);
  return i18n.day(at, now);
};
