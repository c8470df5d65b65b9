import { atom, type ReadableAtom } from 'nanostores';

/** The open conversation is part of the address, so that it can be reloaded, linked to, and left with the back button. */
export interface Route {
  $conversationId: ReadableAtom<string | null>;
  open(id: string): void;
  /** Back to the list. */
  close(): void;
  destroy(): void;
}

/** The address within the page that opens a conversation. */
export const hrefOf = (id: string): string => `#/c/${encodeURIComponent(id)}`;

const conversationIn = (hash: string): string | null => /^#\/c\/([\w-]{1,64})$/.exec(hash)?.[1] ?? null;

export const createRoute = (
  page: Pick<Window, 'location' | 'addEventListener' | 'removeEventListener'>,
): Route => {
  const $conversationId = atom(conversationIn(page.location.hash));
  const read = () => $conversationId.set(conversationIn(page.location.hash));
  page.addEventListener('hashchange', read);
  const go = (hash: string) => {
    page.location.hash = hash;
    read();
  };
  return {
    $conversationId,
    open: (id) => go(hrefOf(id)),
    close: () => go('#/'),
    destroy: () => page.removeEventListener('hashchange', read),
  };
};
