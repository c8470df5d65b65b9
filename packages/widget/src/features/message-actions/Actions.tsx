import { useEffect } from 'preact/hooks';
import { Icon } from '../../panel/Icon.tsx';
import { type UiProps, useStore } from '../../panel/ui.tsx';
import { ActionMenu } from './ActionMenu.tsx';
import css from './actions.css';
import { editLast, stopComposing } from './compose.ts';
import { findMessage, lineOf, menuOf, writerOf } from './said.ts';

export { css };

/** What is being answered or edited, above the field, and the way out. */
const Bar = ({ ui }: UiProps) => {
  const { client, i18n, say, $composing } = ui;
  const composing = useStore($composing);
  const items = useStore(client.$messages);
  if (!composing) return null;
  const { seq, edit } = composing;
  const item = findMessage(items, seq);
  return (
    <div class="aside">
      <div class="aside-words" role="status">
        <p>{edit || !item ? say('editing') : say('replyingTo', { name: writerOf(ui, item.event) })}</p>
        {item && <p dir="auto">{lineOf(item.edited ?? item.event.text)}</p>}
      </div>
      <button type="button" class="bare" aria-label={i18n.text('cancelIt')} onClick={() => stopComposing(ui)}>
        <Icon name="close" />
      </button>
      {edit?.problem && (
        <p class="over" role="alert">
          {say(edit.problem)}
        </p>
      )}
    </div>
  );
};

/** In the field: Escape goes back to writing a message of its own, and in an empty one ↑ edits the last. */
const useKeys = ({ ui }: UiProps) => {
  useEffect(() => {
    const { root } = ui.shell;
    const onKey = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.isComposing || event.defaultPrevented) return;
      const { target, key } = event;
      if (!(target instanceof HTMLTextAreaElement) || !target.matches('.field')) return;
      const isComposing = ui.$composing.get() !== null;
      if (key === 'Escape' && isComposing) stopComposing(ui);
      else if (key === 'ArrowUp' && !isComposing && target.value === '') editLast(ui);
      else return;
      event.preventDefault();
    };
    // Before the panel, which closes on Escape.
    root.addEventListener('keydown', onKey, true);
    return () => root.removeEventListener('keydown', onKey, true);
  }, [ui]);
};

/** What can be done with messages: the menu of one, and what is being answered or edited. */
const Actions = ({ ui }: UiProps) => {
  const open = useStore(menuOf(ui));
  useKeys({ ui });
  return (
    <>
      {open && <ActionMenu key={open.row.key} ui={ui} open={open} />}
      <Bar ui={ui} />
    </>
  );
};

export default Actions;
