import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { offerPlace, takeFiles } from './Attach.tsx';
import type { Said } from './announcer.ts';
import { GUARD, HANDOFF, PAGE } from './features.ts';
import { Header } from './Header.tsx';
import { Later } from './Later.tsx';
import { Thread } from './Thread.tsx';
import { type Ui, useStore } from './ui.tsx';
import { useBackButton } from './use-back-button.ts';
import { useModal } from './use-modal.ts';

/** The log itself is silent, since readers would go through it again and again; what is new is said here. */
const Regions = ({ said }: { said: Said }) => (
  <div class="hidden">
    <div role="status">{said.polite}</div>
    <div role="alert">{said.urgent}</div>
  </div>
);

/** In an element of the page it is no dialog. */
const INLINE = { role: 'group', 'aria-modal': undefined } as const;

/** The dialog: beside the page on a desk, over it on a phone. */
export const Panel = ({ ui, focus }: { ui: Ui; focus: boolean }) => {
  const { shell, announcer, pages } = ui;
  const page = useStore(pages.$pages).at(-1);
  const link = useStore(ui.$handoff);
  const said = useStore(announcer.$said);
  const dialog = useRef<HTMLDivElement>(null);
  const modal = useModal(ui);
  const isInline = shell.options.mode === 'inline';
  useBackButton(ui, modal);

  useLayoutEffect(() => {
    if (!page) pages.restoreFocus();
  }, [page, pages]);
  const isThread = !link;
  useEffect(() => {
    if (!focus || isInline || !isThread || !dialog.current) return;
    // On a touch screen the composer would bring up the keyboard over the conversation.
    const field = matchMedia('(pointer: coarse)').matches ? null : dialog.current.querySelector('textarea');
    (field ?? dialog.current).focus({ preventScroll: true });
  }, [focus, isInline, isThread]);

  return (
    <div
      class="panel"
      part="panel"
      role="dialog"
      aria-modal={modal || undefined}
      {...(isInline && INLINE)}
      aria-labelledby="title"
      tabIndex={-1}
      ref={dialog}
      onDragOver={(event) => offerPlace(ui, event)}
      onDrop={(event) => takeFiles(ui, event, event.dataTransfer)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
        shell.close();
      }}
    >
      <div class="view" inert={page !== undefined}>
        <Header ui={ui} />
        {link ? <Later of={HANDOFF} props={{ ui, link }} /> : <Thread ui={ui} />}
      </div>
      {page && <Later of={PAGE} props={{ ui, name: page }} />}
      <Regions said={said} />
      <Later quiet of={GUARD} props={{ ui }} />
    </div>
  );
};
