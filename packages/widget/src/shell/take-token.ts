/**
 * Finds a conversation token (32 bytes as base64url, 43 characters) in the fragment of an address.
 *
 * @param hash - The fragment with its `#`, as in `location.hash`.
 * @param bare - The fragment may be the token alone, without `continuo=`, as on the hosted page `/c#<token>`.
 */
export const findToken = (hash: string, bare: boolean): string | null => {
  const [, name, token] = /^#(continuo=)?([\w-]{43})(?:&|$)/.exec(hash) ?? [];
  return ((name || bare) && token) || null;
};

/** Takes a conversation token out of the page's address, before anything else can read or keep it. */
export const takeToken = (bare: boolean): string | null => {
  const token = findToken(location.hash, bare);
  if (token) history.replaceState(history.state, '', location.href.replace(location.hash, ''));
  return token;
};
