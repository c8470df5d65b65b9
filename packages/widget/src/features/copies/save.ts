/** Long enough for every browser to have taken the bytes over. */
const KEEP_MS = 60_000;

/**
 * Gives the person a file, as if they had downloaded it.
 *
 * @param root - Where the link stands for a moment; a link outside of any page is not pressed by every browser.
 */
export const save = (root: ShadowRoot, name: string, content: Blob): void => {
  const link = document.createElement('a');
  const url = URL.createObjectURL(content);
  link.href = url;
  link.download = name;
  link.hidden = true;
  root.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
};

/** A file's name: words of the page's language are left out of it, since not every system keeps them. */
export const fileName = (what: string, ending: string, now: number): string =>
  `${what}-${new Date(now).toISOString().slice(0, 10)}.${ending}`;
