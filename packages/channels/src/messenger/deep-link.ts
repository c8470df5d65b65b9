import type { MessengerConfig } from './config.ts';

/**
 * `https://m.me/<page>?ref=…` (Meta, "m.me Links"). On an existing thread it opens the 24 h window anew. `ref` takes
 * letters, digits, `-`, `_` and `=`, up to 250 characters (unverified: the current page does not say).
 */
export const deepLink = (config: MessengerConfig, ref: string): string =>
  `https://m.me/${config.pageUsername}?ref=${encodeURIComponent(ref)}`;
