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
