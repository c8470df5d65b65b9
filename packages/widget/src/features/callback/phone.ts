/** Where the digits of a script begin: Arabic, Persian, Hindi. */
const ZEROS = [0x660, 0x6f0, 0x966];

const toAscii = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0;
  const zero = ZEROS.find((start) => code >= start && code < start + 10);
  return zero === undefined ? digit : String(code - zero);
};

/** A telephone number as the server takes it, however it was typed; null where it is none. */
export const phoneOf = (typed: string): string | null => {
  const bare = [...typed]
    .map(toAscii)
    .join('')
    .replace(/[^\d+\p{L}]/gu, '')
    .replace(/^00/, '+');
  return /^\+?\d{5,17}$/.test(bare) ? bare : null;
};
