import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../panel/Icon.tsx';
import { Later } from '../../panel/Later.tsx';
import type { Ui } from '../../panel/ui.tsx';
import css from './page.css';
import { PAGES, type PageName } from './pages.ts';

export { css };

const NOTHING = () => {};

const takeFocus = (title: HTMLElement | null): void => title?.focus();

/** One of {@link PAGES} over the conversation. Its title takes the focus. */
const Page = ({ ui, name }: { ui: Ui; name: PageName }) => {
  const { i18n, say, pages } = ui;
  const [, draw] = useState<object>();
  // The title's words may come only now.
  useEffect(() => void PAGES[name].fetch(ui).then(() => draw({}), NOTHING), [ui, name]);
  return (
    <section
      class="page"
      aria-labelledby="page"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        pages.back();
      }}
    >
      <div class="header">
        <button type="button" class="bare back" aria-label={i18n.text('back')} onClick={pages.back}>
          <Icon name="back" />
        </button>
        <h3 key={`${name} ${i18n.isWhole()}`} id="page" tabIndex={-1} ref={takeFocus}>
          {say(name)}
        </h3>
      </div>
      <Later key={name} of={PAGES[name]} props={{ ui }} />
    </section>
  );
};

export default Page;
