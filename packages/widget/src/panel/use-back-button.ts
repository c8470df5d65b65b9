import { useEffect } from 'preact/hooks';
import type { Ui } from './ui.tsx';

const isOurs = (): boolean => history.state?.continuo === true;

/** An entry of the page's own, so that its router finds in it what it left there. */
const push = (): void => history.pushState({ ...history.state, continuo: true }, '');

/**
 * Where the panel covers the page, people take "back" for the way out of it. As long as it does, the history has an entry
 * more: "back" closes the page of the panel that is seen, then the panel, and leaves the site only after that.
 */
export const useBackButton = ({ shell, pages }: Ui, covers: boolean): void => {
  useEffect(() => {
    if (!covers || shell.options.mode) return undefined;
    push();
    const back = () => {
      if (isOurs()) return;
      if (pages.$pages.get().length === 0) return shell.close();
      pages.back();
      push();
    };
    addEventListener('popstate', back);
    return () => {
      removeEventListener('popstate', back);
      if (isOurs()) history.back();
    };
  }, [shell, pages, covers]);
};
