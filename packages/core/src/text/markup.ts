import { ADDRESS, safeHref, trimAddress } from './links.ts';

/** A stretch of a line that looks the same throughout. `at`: where it stands in the message. */
export interface Piece {
  at: number;
  text: string;
  /** The address to open; null for mere words. */
  href: string | null;
  bold: boolean;
  italic: boolean;
  code: boolean;
}

/** A line as it is read: `text` is without the markers that were interpreted. `at`: where it begins in the message. */
export interface Line {
  at: number;
  text: string;
  pieces: readonly Piece[];
}

/** A part of a message. `start`: the first number of a list, or null where it has none. */
export type Block =
  | { kind: 'line'; at: number; line: Line }
  | { kind: 'list'; at: number; start: number | null; items: Line[] }
  | { kind: 'code'; at: number; text: string };

/*
 * No part of these can match the same characters in two ways, and what fails to match ends at the next tick or bracket:
 * reading takes no longer than the text is long.
 */
const CODE = '(`{1,3})([^`]+)\\1';
const LINKED = '[^\\s()<>[\\]\\u202a-\\u202e\\u2066-\\u2069]';
const LABELLED = `\\[([^[\\]]+)\\]\\(((?:https?://|mailto:)(?:${LINKED}|\\(${LINKED}*\\))+)\\)`;
const TOKEN = new RegExp(`${CODE}|${LABELLED}|(${ADDRESS})|\\*\\*?|_`, 'gi');
const FENCE = /^ {0,3}```[\w+-]*\s*$/;
const ITEM = /^ {0,3}(?:-|(\d{1,3})\.) +(?=\S)/;
const WORD = /[\p{L}\p{M}\p{N}_]/u;
/** A label with one of these may read as something else, or be taken for the address itself. */
const MISLEADING = /[\u202a-\u202e\u2066-\u2069]|:\/\/|www\.|@/i;

/** How a character looks. */
const [BOLD, ITALIC, CODED, HIDDEN] = [1, 2, 4, 8];

/** Where a labelled link leads; null where its label could mislead. */
const hrefOf = (label: string, address: string): string | null => {
  if (MISLEADING.test(label) && address !== label && address !== `mailto:${label}`) return null;
  return /^mailto:[^?]+$/i.test(address) ? address : safeHref(address);
};

/** How each character of a line looks, and where it leads. */
const paint = (line: string) => {
  const looks = line.split('').map(() => 0);
  const links = line.split('').map((): string | null => null);
  const opened = new Map<string, number>();
  const look = (from: number, to: number, as: number) => {
    for (let at = from; at < to; at++) looks[at] = (looks[at] ?? 0) | as;
  };
  /** A marker ends what the same one began, or begins something: beside words, and within one only where it is `**`. */
  const mark = (marker: string, from: number, to: number) => {
    const [before, after] = [line.charAt(from - 1), line.charAt(to)];
    const isInWord = (beside: string) => marker !== '**' && WORD.test(beside);
    const begin = opened.get(marker);
    if (begin !== undefined && begin < from && /\S/.test(before) && !isInWord(after)) {
      look(begin, from, marker === '**' ? BOLD : ITALIC);
      look(begin - marker.length, begin, HIDDEN);
      look(from, to, HIDDEN);
      opened.delete(marker);
    } else if (/\S/.test(after) && marker + after !== '__' && !isInWord(before)) opened.set(marker, to);
  };
  const scan = new RegExp(TOKEN);
  for (let match = scan.exec(line); match; match = scan.exec(line)) {
    const [found, ticks, code, label, address, bare] = match;
    const { index } = match;
    const end = index + found.length;
    const inner = index + (ticks?.length ?? 1);
    if (code) {
      look(index, end, CODED);
      look(index, inner, HIDDEN);
      look(inner + code.length, end, HIDDEN);
    } else if (label) {
      const href = hrefOf(label, String(address));
      links.fill(href, inner, inner + label.length);
      look(index, inner, href ? HIDDEN : 0);
      look(inner + label.length, end, href ? HIDDEN : 0);
      // An address in what is no link may be one.
      if (!href) scan.lastIndex = inner;
    } else if (bare) {
      scan.lastIndex = index + trimAddress(bare).length;
      links.fill(safeHref(trimAddress(bare)), index, scan.lastIndex);
    } else mark(found, index, end);
  }
  return { looks, links };
};

const parseLine = (line: string, start: number): Line => {
  const { looks, links } = paint(line);
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = 1; at <= line.length; at++) {
    const look = looks[from] ?? 0;
    const href = links[from] ?? null;
    if (looks[at] === look && links[at] === href) continue;
    if (look < HIDDEN) {
      pieces.push({
        at: start + from,
        text: line.slice(from, at),
        href,
        bold: (look & BOLD) > 0,
        italic: (look & ITALIC) > 0,
        code: (look & CODED) > 0,
      });
    }
    from = at;
  }
  return { at: start, text: pieces.map(({ text }) => text).join(''), pieces };
};

const linesOf = (text: string) => {
  let end = -1;
  return text.split('\n').map((line) => {
    const at = end + 1;
    end = at + line.length;
    return { at, end, text: line, item: ITEM.exec(line) };
  });
};

/**
 * Reads the subset of Markdown that messages may show: `**bold**`, `_italic_` and `*italic*`, `` `code` ``, blocks between
 * lines of ```` ``` ````, lists with `- ` and `1. `, `[text](https://…)`, and bare addresses. Everything else is text, to the
 * character; addresses are `http`, `https` or `mailto`. Takes time in proportion to the text.
 */
export const parseMarkup = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  const lines = linesOf(text);
  const fences = lines.filter((line) => FENCE.test(line.text));
  let after = 0;
  for (const line of lines) {
    const { at, item } = line;
    if (at < after) continue;
    while (fences[0] && fences[0].at < at) fences.shift();
    const [begin, end] = fences;
    if (begin === line && end) {
      blocks.push({ kind: 'code', at, text: text.slice(line.end + 1, Math.max(line.end + 1, end.at - 1)) });
      after = end.end + 1;
      continue;
    }
    if (!item) {
      blocks.push({ kind: 'line', at, line: parseLine(line.text, at) });
      continue;
    }
    const length = item[0].length;
    const row = parseLine(line.text.slice(length), at + length);
    const start = item[1] ? Number(item[1]) : null;
    const last = blocks.at(-1);
    if (last?.kind === 'list' && (last.start === null) === (start === null)) last.items.push(row);
    else blocks.push({ kind: 'list', at, start, items: [row] });
  }
  return blocks;
};

/** A message without the markers that {@link parseMarkup} interprets: to be read out, or shown in one line. */
export const plainText = (text: string): string =>
  parseMarkup(text)
    .flatMap((block) =>
      block.kind === 'list'
        ? block.items.map((item) => item.text)
        : block.kind === 'code'
          ? block.text
          : block.line.text,
    )
    .join('\n');
