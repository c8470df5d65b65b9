const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const MASK = '•••';

/**
 * A name that its owner recognises and a stranger does not learn: its first and last letter, `A•••a`. A letter is what
 * a reader sees as one (UAX 29), so that marks stay with their base in Arabic and Hindi. Two letters or fewer show one.
 */
export const maskName = (name: string | null): string => {
  const letters = [...graphemes.segment(name?.trim() ?? '')].map((part) => part.segment);
  const first = letters[0] ?? '';
  const last = letters.length > 2 ? (letters.at(-1) ?? '') : '';
  return `${first}${MASK}${last}`;
};
