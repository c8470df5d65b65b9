import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directionOf, linkify, safeHref } from './text.ts';

const fragments = fc.constantFrom(
  'https://a.example/',
  'javascript:alert(1)',
  '<b>',
  ' ',
  '(',
  ')',
  '.',
  'http://',
  'سلام',
  '@x',
  '\u202e',
);

test('no character is lost, and only http and https open', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fragments, fc.string()), { maxLength: 12 }), (parts) => {
      const paragraph = parts.join('');
      const pieces = linkify(paragraph);
      expect(pieces.map(({ text }) => text).join('')).toBe(paragraph);
      for (const { href } of pieces) if (href) expect(href).toMatch(/^https?:\/\//);
    }),
  );
});

test('what follows an address is kept', () => {
  expect(linkify('(https://a.example/b). And').map(({ text }) => text)).toEqual([
    '(',
    'https://a.example/b',
    '). And',
  ]);
});

test.each([
  ['see https://a.example/b.', 'https://a.example/b'],
  ['(https://a.example/b)', 'https://a.example/b'],
  ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
  ['هنا https://a.example/؟', 'https://a.example/'],
  ['HTTPS://A.example/x', 'https://a.example/x'],
])('%s', (text, href) => {
  expect(linkify(text).find((piece) => piece.href)?.href).toBe(href);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'https://bank.example@evil.example/', 'x', '', null])(
  '%s opens nothing',
  (address) => {
    expect(safeHref(address)).toBeNull();
    expect(linkify(address ?? '').every(({ href }) => href === null)).toBe(true);
  },
);

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
