import type { I18n } from '../../i18n/translate.ts';

const KB = 1024;

/** "340 kB", "1.2 MB" in the language's digits. */
export const sizeText = (i18n: I18n, bytes: number): string =>
  bytes < KB * KB
    ? i18n.text('kilobytes', { n: Math.max(1, Math.round(bytes / KB)) })
    : i18n.text('megabytes', { n: Math.round((bytes / KB / KB) * 10) / 10 });

/** "1:05" in the language's digits. */
export const lengthText = (i18n: I18n, ms: number): string => {
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return `${i18n.number(Math.floor(seconds / 60))}:${rest < 10 ? i18n.number(0) : ''}${i18n.number(rest)}`;
};
