import { expect, test } from 'vitest';
import { awayNotice } from './away-notice.ts';

test.each(['en', 'ar_AR', 'fa_IR', 'hi_IN', 'he_IL'])(
  'the notice in %s names the agent, and its answers fit',
  (locale) => {
    const { text, choices } = awayNotice('Sara', locale);
    expect(text).toContain('Sara');
    expect(choices.map(({ title }) => title).every((title) => title.length <= 20)).toBe(true);
    if (locale !== 'en') expect(text.replace('Sara', '')).not.toMatch(/[a-z]/i);
  },
);
