import { expect, test } from 'vitest';
import { directionOf } from './text.ts';

test.each([
  ['hello', 'rtl', 'auto'],
  ['سلام', 'ltr', 'auto'],
  ['@ali سلام', 'ltr', 'rtl'],
  ['https://a.example سلام', 'ltr', 'rtl'],
  ['https://a.example hello', 'rtl', 'ltr'],
  ['🙂', 'rtl', 'rtl'],
  ['+49 170 123', 'rtl', 'ltr'],
  ['', 'rtl', 'rtl'],
] as const)('%s in a %s interface is %s', (text, fallback, direction) => {
  expect(directionOf(text, fallback)).toBe(direction);
});
