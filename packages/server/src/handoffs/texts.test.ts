import { expect, test } from 'vitest';
import { handoffText } from './texts.ts';

test('the words are in the language of the customer, and fit a button', () => {
  expect(handoffText('ar_AR', 'Ines').text).toContain('Ines');
  expect(handoffText('ar', null).button).toMatch(/\p{Script=Arabic}/u);
  for (const locale of [null, 'en_US', 'de', 'arn']) {
    expect(handoffText(locale, null).button).toBe('Continue on our site');
  }
  for (const locale of ['ar', 'en', 'fa', 'hi', 'he']) {
    expect(handoffText(locale, null).button.length).toBeLessThanOrEqual(20);
    expect(handoffText(locale, '$& Ines').text.match(/\$& Ines/g)?.length).toBe(1);
  }
});
