import { findRanges, type Range } from './fold.ts';

/** UTF-16 units before the first match, and in all. */
const BEFORE = 40;
const LENGTH = 160;
const CUT = '…';

const isLowSurrogate = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text.charAt(at));

/** The nearest place before it at which a text may be cut: after a space if there is one close by, and never in a character. */
const cutBefore = (text: string, at: number): number => {
  if (at <= 0) return 0;
  const space = text.lastIndexOf(' ', at);
  if (space > at - 15) return space + 1;
  return isLowSurrogate(text, at) ? at - 1 : at;
};

/**
 * The part of a text around the first match, in one line, and where the matches are in it.
 *
 * @param needle folded; null where the text does not hold it
 */
export const snippetOf = (text: string, needle: string): { snippet: string; ranges: Range[] } | null => {
  // One unit stays one unit: places in the line are places in the text.
  const line = text.replace(/\s/g, ' ');
  const ranges = findRanges(line, needle);
  const first = ranges[0];
  if (!first) return null;
  const from = cutBefore(line, first[0] - BEFORE);
  const wanted = Math.max(from + LENGTH, first[1]);
  const to = wanted >= line.length ? line.length : Math.max(cutBefore(line, wanted), first[1]);
  const lead = from > 0 ? CUT : '';
  const shift = lead.length - from;
  return {
    snippet: `${lead}${line.slice(from, to)}${to < line.length ? CUT : ''}`,
    ranges: ranges.filter(([, end]) => end <= to).map(([start, end]) => [start + shift, end + shift]),
  };
};
