import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeHref } from './links.ts';
import { type Block, type Line, parseMarkup, plainText } from './markup.ts';

const linesOf = (block: Block): readonly Line[] => {
  if (block.kind === 'list') return block.items;
  return block.kind === 'line' ? [block.line] : [];
};

/** What is shown, with how it looks: `<b>`, `<i>`, `<c>`, `<a …>`. */
const lineHtml = ({ pieces }: Line) =>
  pieces
    .map(({ text, href, bold, italic, code }) => {
      const inner = code ? `<c>${text}</c>` : text;
      const slanted = italic ? `<i>${inner}</i>` : inner;
      const heavy = bold ? `<b>${slanted}</b>` : slanted;
      return href ? `<a ${href}>${heavy}</a>` : heavy;
    })
    .join('');

const show = (text: string) =>
  parseMarkup(text).map((block) => {
    if (block.kind === 'code') return `<pre>${block.text}</pre>`;
    if (block.kind === 'line') return lineHtml(block.line);
    return `<${block.start ?? 'ul'}>${block.items.map(lineHtml).join('|')}`;
  });

test.each([
  ['**bold** and _italic_, *italic*', '<b>bold</b> and <i>italic</i>, <i>italic</i>'],
  ['***both***', '<b><i>both</i></b>'],
  ['**bold _both_** x', '<b>bold </b><b><i>both</i></b> x'],
  ['run `npm **x**`', 'run <c>npm **x**</c>'],
  ['``` one line ```', '<c> one line </c>'],
  ['[here](https://a.example/b_(c)?d=1)!', '<a https://a.example/b_(c)?d=1>here</a>!'],
  ['[write](mailto:help@a.example)', '<a mailto:help@a.example>write</a>'],
  ['**[here](https://a.example)**', '<a https://a.example/><b>here</b></a>'],
  ['**https://a.example/x**', '<a https://a.example/x><b>https://a.example/x</b></a>'],
  ['(https://a.example/b). And', '(<a https://a.example/b>https://a.example/b</a>). And'],
  ['هنا https://a.example/؟', 'هنا <a https://a.example/>https://a.example/</a>؟'],
  ['و**مهم**ها', 'و<b>مهم</b>ها'],
  ['می\u200cخواهم **کتاب\u200cها**', 'می\u200cخواهم <b>کتاب\u200cها</b>'],
])('%s', (text, html) => {
  expect(show(text)).toEqual([html]);
});

test.each([
  'snake_case_name and __init__',
  '2*3*4 = 24',
  '2 * 3 * 4',
  '**not closed',
  'a ** b ** c',
  '****',
  '`not closed',
  '[x](javascript:alert(1))',
  '[x](data:text/html,x)',
  '[x] (y)',
  '-no item',
  '2026. A year',
  '<b>x</b> &amp;',
])('%s is words', (text) => {
  expect(show(text)).toEqual([text]);
});

test.each([
  ['https://bank.example', 'another address'],
  ['www.bank.example', 'another address'],
  ['help@bank.example', 'another address'],
  ['\u202eelpmaxe.knab', 'letters in another order'],
])('a label %s is not believed: it may be taken for %s', (label) => {
  const text = `[${label}](https://evil.example)`;
  expect(plainText(text)).toBe(text);
  expect(show(text)[0]).not.toMatch(/<a (?!https:\/\/evil.example\/>https:)/);
});

test('lists and code', () => {
  const text = 'Try:\n- **one**\n- دو\n3. three\n4. four\n```ts\nconst a = `1`;\n- no item\n```\nDone\n```';
  expect(show(text)).toEqual([
    'Try:',
    '<ul><b>one</b>|دو',
    '<3>three|four',
    '<pre>const a = `1`;\n- no item</pre>',
    'Done',
    '```',
  ]);
  expect(plainText(text)).toBe('Try:\none\nدو\nthree\nfour\nconst a = `1`;\n- no item\nDone\n```');
});

const fragments = fc.constantFrom(
  '**',
  '*',
  '_',
  '`',
  '```',
  '```js',
  '\n',
  '\n- ',
  '\n1. ',
  ' ',
  '[',
  '](',
  ')',
  '(',
  '[a](https://b.c)',

  'https://a.example/',
  'http://',
  'mailto:a@b.c',
  'javascript:alert(1)',
  'https://u@e.example',
  '<b>',
  '.',
  'سلام',
  '\u200c',
  '\u200d',
  '\u202e',
  '👩‍💻',
  'x',
  'snake_case',
  '2*3',
);
const texts = fc.array(fc.oneof(fragments, fc.string()), { maxLength: 30 }).map((parts) => parts.join(''));

/** All that may be left out of what is shown. */
const MARKERS = /^(?:[*_`\n[ -]|\d{1,3}\.|\]\((?:https?:\/\/|mailto:)[^\n]*?\)|```[\w+-]*\s*)*$/i;

test('no character is lost but markers, and only safe addresses open', () => {
  fc.assert(
    fc.property(texts, (text) => {
      let end = 0;
      const shown = (at: number, words: string) => {
        expect(text.slice(end, at)).toMatch(MARKERS);
        expect(text.slice(at, at + words.length)).toBe(words);
        end = at + words.length;
      };
      for (const block of parseMarkup(text)) {
        if (block.kind === 'code')
          shown(block.text ? text.indexOf('\n', block.at) + 1 : block.at, block.text);
        for (const line of linesOf(block)) {
          for (const piece of line.pieces) {
            shown(piece.at, piece.text);
            if (piece.href) expect(piece.href).toMatch(/^(https?:\/\/[^@/]+(\/|$)|mailto:)/i);
          }
        }
      }
      expect(text.slice(end)).toMatch(MARKERS);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '**a ',
  '*a ',
  '_a',
  '[',
  '[a](',
  '[a](https://',
  '`',
  '``` ',
  'https://',
  'https://a.',
  '(',
  '- ',
  '\n```',
  '1. a\n',
])('a message full of "%s" takes no longer than another', (part) => {
  const text = part.repeat(50_000 / part.length);
  const began = performance.now();
  parseMarkup(text);
  // Twenty-five messages' length; in the square of it this would take seconds.
  expect(performance.now() - began).toBeLessThan(1000);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'https://bank.example@evil.example/', 'x', '', null])(
  '%s opens nothing',
  (address) => {
    expect(safeHref(address)).toBeNull();
    expect(show(address ?? '').join()).not.toContain('<a');
  },
);
