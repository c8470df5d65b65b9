/** What begins like an address, up to the next space or quote; a regular expression's source. */
export const ADDRESS = 'https?://[^\\s<>"\'`\\u202a-\\u202e\\u2066-\\u2069]+';

/** The address to open, or null: only `http` and `https`, without a user name that could mislead. */
export const safeHref = (address: string | null | undefined): string | null => {
  const url = address && URL.canParse(address) ? new URL(address) : null;
  return url && /^https?:$/.test(url.protocol) && !url.username ? url.href : null;
};

/** Punctuation at the end belongs to the sentence, and so does a bracket that was not opened within. */
export const trimAddress = (address: string): string => {
  const foreign = `.,;:!?،؛؟…»”’*_${/[([{]/.test(address) ? '' : ')]}'}`;
  let end = address.length;
  while (foreign.includes(address.charAt(end - 1))) end--;
  return address.slice(0, end);
};
