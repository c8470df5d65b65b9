/** What stands before the page's own title, as `(2) `. A page that counts in its title itself is left alone. */
const COUNTED = /^\(\p{N}+\) /u;

interface TitleOptions {
  page: Pick<Document, 'hidden' | 'title' | 'head' | 'addEventListener' | 'removeEventListener'>;
  /** What waits unread, in the visitor's digits; empty for nothing. */
  waiting(): string;
}

/**
 * Shows in the title of a page that nobody looks at how much waits, also when the page changes its title meanwhile.
 * Whoever comes back finds the title as it was.
 */
export const createTitle = ({ page, waiting }: TitleOptions) => {
  let mark = '';

  const draw = () => {
    const own = mark && page.title.startsWith(mark) ? page.title.slice(mark.length) : page.title;
    const count = page.hidden ? waiting() : '';
    mark = count && !COUNTED.test(own) ? `(${count}) ` : '';
    if (page.title !== mark + own) page.title = mark + own;
  };
  const changes = new MutationObserver(draw);
  changes.observe(page.head, { subtree: true, childList: true, characterData: true });
  page.addEventListener('visibilitychange', draw);
  return {
    draw,
    stop: () => {
      changes.disconnect();
      page.removeEventListener('visibilitychange', draw);
      if (mark && page.title.startsWith(mark)) page.title = page.title.slice(mark.length);
      mark = '';
    },
  };
};
