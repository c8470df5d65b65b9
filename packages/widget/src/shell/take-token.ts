/**
 * Takes a conversation token (32 bytes as base64url, 43 characters) out of the page's address, before anything else can
 * read or keep it.
 *
 * @param bare - The fragment may be the token alone, without `continuo=`, as on the hosted page `/c#<token>`.
 */
export const takeToken = (bare: boolean): string | undefined => {
  const [, name, token] = /^#(continuo=)?([\w-]{43})(?:&|$)/.exec(location.hash) ?? [];
  if (!name && !bare) return undefined;
  if (token) history.replaceState(history.state, '', location.href.replace(location.hash, ''));
  return token;
};
