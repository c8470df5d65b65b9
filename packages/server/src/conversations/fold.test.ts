import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRanges, fold } from './fold.ts';
import { snippetOf } from './snippet.ts';

const LETTERS = 'aéİıßΣςﷺكکيیىأإآؤئةۀ۵٥५अकक़हिकूשָׁלﬁ①A\u0301\u200c\u200f\u064b \n\t😀👩‍👩‍👧한ｱ'.split('');
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

describe('what counts as the same', () => {
  test.each([
    ['upper and lower case', 'REFUND', 'refund'],
    ['accents, composed or not', 'Café', 'cafe\u0301'],
    ['accents that were not typed', 'Zürich', 'zurich'],
    ['the Arabic and the Persian yeh', 'علي', 'علی'],
    ['the yeh without dots', 'على', 'علي'],
    ['the Arabic and the Persian kaf', 'كتاب', 'کتاب'],
    ['alef with and without hamza', 'أحمد', 'احمد'],
    ['teh marbuta and heh', 'مدرسة', 'مدرسه'],
    ['Arabic vowel signs', 'مُحَمَّد', 'محمد'],
    ['the lengthening stroke', 'شكـــرا', 'شكرا'],
    ['the joiner of Persian', 'می‌خواهم', 'میخواهم'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['the Devanagari dot below', 'क़लम', 'कलम'],
    ['Arabic digits', 'طلب ٤٢', 'طلب 42'],
    ['Persian digits', '۴۲', '42'],
    ['Hindi digits', '४२', '42'],
    ['wide forms', 'ＡＢ１', 'ab1'],
    ['letters of formulas', '𝐀', 'a'],
    ['final sigma', 'ΛΟΓΟΣ', 'λογος'],
    ['spaces', 'a \n\t b', 'a b'],
  ])('%s', (_what, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  test('what is another word stays another word', () => {
    expect(fold('कि')).not.toBe(fold('कु'));
    expect(fold('कि')).not.toBe(fold('क'));
    expect(fold('cat')).not.toBe(fold('car'));
    expect(fold('12')).not.toBe(fold('21'));
  });
});

test('folding what is folded changes nothing', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(fold(fold(value))).toBe(fold(value));
    }),
  );
});

test('every match that folding promises is found at its place, whole characters, in order', () => {
  fc.assert(
    fc.property(text, text, text, (before, word, after) => {
      const needle = fold(word).trim();
      fc.pre(needle !== '');
      const whole = before + word + after;
      const ranges = findRanges(whole, needle);
      expect(ranges.length > 0).toBe(fold(whole).includes(needle));
      let last = 0;
      for (const [from, to] of ranges) {
        expect(from).toBeGreaterThanOrEqual(last === 0 ? 0 : Math.min(last, from));
        expect(to).toBeGreaterThan(from);
        expect(fold(whole.slice(from, to))).toContain(needle);
        last = to;
      }
    }),
  );
});

describe('snippets', () => {
  test('show the words around the match in one line, and where it is', () => {
    const found = snippetOf(`${'so much was said before '.repeat(5)}\nwhere is my PARCEL now?`, 'parcel');
    const [from, to] = found?.ranges[0] ?? [0, 0];
    expect(found?.snippet.slice(from, to)).toBe('PARCEL');
    expect(found?.snippet.startsWith('…')).toBe(true);
    expect(found?.snippet).not.toMatch(/\n/);
    expect(found?.snippet.endsWith('now?')).toBe(true);
  });

  test('are short however long the text is, and mark only what they show', () => {
    const found = snippetOf('parcel and more '.repeat(100), 'parcel');
    expect(found?.snippet.length).toBeLessThanOrEqual(162);
    for (const [from, to] of found?.ranges ?? []) expect(found?.snippet.slice(from, to)).toBe('parcel');
    expect(found?.ranges.length).toBeGreaterThan(5);
  });

  test('the marked part always holds what was searched, and no character is cut in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), text, (around, word) => {
        const needle = fold(word).trim();
        fc.pre(needle !== '' && word.isWellFormed());
        const found = snippetOf(`${around} ${word.trim()} ${around}`, needle);
        const [from, to] = found?.ranges[0] ?? [0, 0];
        expect(fold(found?.snippet.slice(from, to) ?? '')).toContain(needle);
        expect(found?.snippet.isWellFormed()).toBe(true);
      }),
    );
  });
});
