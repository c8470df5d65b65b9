import { remember } from './memory.ts';
import type { WidgetOptions } from './types.ts';

/** Forgets what `remember` keeps for a channel, and what is kept for all of them. */
export const forgetHints = (options: WidgetOptions): void => {
  const { channel } = options;
  remember(options, { lasting: false, value: '' });
  for (const key of [channel, `${channel}:muted`, `${channel}:greeted`, 'locale'])
    remember(options, { lasting: true, value: '', key });
};
