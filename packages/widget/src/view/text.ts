/** A piece of a paragraph: words, or an address to open. `at` is where it begins. */
export type Piece = { at: number; text: string; href: string | null };

const ADDRESS = /https?:\/\/[^\s<>"'`\u2066-\u2069\u202a-\u202e]+/gi;
const TRAILING = /[.,;:!?،؛؟…»”’*_]+$/;

/** Punctuation at the end belongs to the sentence, and so does a bracket that was not opened within. */
const trimAddress = (address: string): string => {
  const trimmed = address.replace(TRAILING, '');
  const bare = /[)\]}]$/.test(trimmed) && !/[([{]/.test(trimmed) ? trimmed.slice(0, -1) : trimmed;
  return bare === address ? address : trimAddress(bare);
};

/** The address to open, or null: only `http` and `https`, without a user name that could mislead. */
export const safeHref = (address: string | null | undefined): string | null => {
  const url = address && URL.canParse(address) ? new URL(address) : null;
  return url && /^https?:$/.test(url.protocol) && !url.username ? url.href : null;
};

/** Splits a paragraph into words and safe links. Put together again, the pieces are the paragraph, character by character. */
export const linkify = (paragraph: string): Piece[] => {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: found, index } of paragraph.matchAll(ADDRESS)) {
    const text = trimAddress(found);
    const href = safeHref(text);
    if (!href) continue;
    pieces.push({ at, text: paragraph.slice(at, index), href: null }, { at: index, text, href });
    at = index + text.length;
  }
  pieces.push({ at, text: paragraph.slice(at), href: null });
  return pieces.filter(({ text }) => text);
};

/**
 * The direction for a paragraph. `auto` is the browser's first strong letter; where that would be misled, by an address
 * or a mention, the rest of the words decide. Numbers alone, as in "+49 170 123", read from the left everywhere.
 */
export const directionOf = (paragraph: string, fallback: 'ltr' | 'rtl'): 'auto' | 'ltr' | 'rtl' => {
  const words = paragraph.replace(/https?:\/\/\S+|@[\w.]+/gi, '');
  const first = /\p{L}/u.exec(words)?.[0];
  if (!first) return /\d/.test(words) ? 'ltr' : fallback;
  if (words === paragraph) return 'auto';
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(first) ? 'rtl' : 'ltr';
};

/** The paragraphs of a message; `at` is where each begins. */
export const paragraphsOf = (text: string): { at: number; text: string }[] => {
  let at = 0;
  return text.split('\n').map((paragraph) => {
    const start = at;
    at += paragraph.length + 1;
    return { at: start, text: paragraph };
  });
};
