/*
 * Marks that writers leave out and readers do not miss: accents, Hebrew points, Arabic vowel signs and the lengthening
 * stroke, the Devanagari dot below, joiners and signs of direction. Vowel signs of Indic scripts are letters and stay.
 */
const DROPPED =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c]|\ufe0e|\ufe0f|[\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Letters that keyboards of different languages write differently, and digits of other scripts. */
const ALIKE: Readonly<Record<string, string>> = {
  ی: 'ي',
  ى: 'ي',
  ې: 'ي',
  ک: 'ك',
  ڪ: 'ك',
  ة: 'ه',
  ە: 'ه',
  ہ: 'ه',
  ھ: 'ه',
  ٱ: 'ا',
  ς: 'σ',
  ß: 'ss',
  ı: 'i',
};
const LETTERS = new RegExp(`[${Object.keys(ALIKE).join('')}]`, 'g');

/** Arabic, Persian and Devanagari digits; those of other forms NFKD makes plain. */
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g;
const DIGIT_ZEROS = [0x0660, 0x06f0, 0x0966];

const toDigit = (digit: string): string => {
  const code = digit.charCodeAt(0);
  return String(code - (DIGIT_ZEROS.findLast((zero) => zero <= code) ?? 0));
};

/** All of it but the spaces, which depend on their neighbours. */
const foldLetters = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(DROPPED, '')
    .replace(LETTERS, (letter) => ALIKE[letter] ?? letter)
    .replace(DIGITS, toDigit);

/**
 * A text as it is searched: what people write in different ways for the same word becomes the same. It is for comparing
 * and never for showing.
 */
export const fold = (text: string): string => foldLetters(text).replace(/\s+/g, ' ');

/** The same, with the place in the text that each of its units came from. */
const foldWithPlaces = (text: string): { folded: string; places: number[] } => {
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    for (const unit of foldLetters(character).replace(/\s/g, ' ').split('')) {
      if (unit === ' ' && folded.endsWith(' ')) continue;
      folded += unit;
      places.push(at);
    }
    at += character.length;
  }
  return { folded, places };
};

/** A part of a text: `[from, to)` in UTF-16 units. */
export type Range = [from: number, to: number];

/**
 * Where a text holds what is searched, from left to right, never overlapping.
 *
 * @param needle already folded; not empty
 */
export const findRanges = (text: string, needle: string): Range[] => {
  const { folded, places } = foldWithPlaces(text);
  const ranges: Range[] = [];
  for (let at = folded.indexOf(needle); at >= 0; at = folded.indexOf(needle, at + needle.length)) {
    const from = places[at] ?? 0;
    // Where one character folded to several, its rest belongs to the match.
    const next = places
      .slice(at + needle.length)
      .find((place) => place > (places[at + needle.length - 1] ?? 0));
    ranges.push([from, next ?? text.length]);
  }
  return ranges;
};
