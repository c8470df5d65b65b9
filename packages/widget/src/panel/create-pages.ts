import { atom, type ReadableAtom } from 'nanostores';
import type { PageName } from '../features/page/pages.ts';

/** What lies over the conversation, one over the other; the last is seen. */
export interface Pages {
  readonly $pages: ReadableAtom<readonly PageName[]>;
  open(name: PageName): void;
  back(): void;
  close(): void;
  /** To be called when the conversation is there again: the focus goes back to what opened the first page. */
  restoreFocus(): void;
}

export const createPages = (root: ShadowRoot): Pages => {
  const $pages = atom<readonly PageName[]>([]);
  let opener: Element | null = null;
  return {
    $pages,
    open(name) {
      const before = $pages.get();
      if (before.length === 0) opener = root.activeElement;
      $pages.set([...before, name]);
    },
    back: () => $pages.set($pages.get().slice(0, -1)),
    close: () => $pages.set([]),
    restoreFocus() {
      if (opener instanceof HTMLElement) opener.focus();
      opener = null;
    },
  };
};
