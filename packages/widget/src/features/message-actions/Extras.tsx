import { Icon } from '../../panel/Icon.tsx';
import { type Ui, useStore } from '../../panel/ui.tsx';
import type { MessageEvent } from '../../view/model.ts';
import type { MessageRow } from '../../view/rows.ts';
import { goTo } from '../find/go-to.ts';
import css from './extras.css';
import { findMessage, lineOf, menuOf, writerOf } from './said.ts';

export { css };

/** What a message answers; pressed, it leads there. */
const Quote = ({ ui, seq }: { ui: Ui; seq: number }) => {
  const { client, i18n, say } = ui;
  const quoted = findMessage(useStore(client.$messages), seq);
  const name = quoted ? writerOf(ui, quoted.event) : '';
  const line = quoted ? lineOf(quoted.edited ?? quoted.event.text) : '';
  const text = line || i18n.text(quoted?.event.deleted ? 'gone' : 'earlierOne');
  return (
    <button
      type="button"
      class="quote"
      aria-label={i18n.text('inReplyTo', { name, text })}
      onClick={() => goTo(ui, seq).catch(() => {})}
    >
      {name && <bdi class="from">{name}</bdi>}
      {line ? <span dir="auto">{line}</span> : say(quoted?.event.deleted ? 'gone' : 'earlierOne')}
    </button>
  );
};

interface ExtrasProps {
  ui: Ui;
  row: MessageRow;
}

const Opener = ({ ui, row, event }: ExtrasProps & { event: MessageEvent }) => {
  const $menu = menuOf(ui);
  const isOpen = useStore($menu)?.row.key === row.key;
  return (
    <div class="acts-place">
      <button
        type="button"
        class="acts"
        aria-label={ui.i18n.text('actionsFor', { text: lineOf(row.text) })}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={({ currentTarget }) => $menu.set(isOpen ? null : { row, event, opener: currentTarget })}
      >
        <Icon name="more" />
      </button>
    </div>
  );
};

/** What a message has beside its words: what it answers, that it was edited or deleted, and what can be done with it. */
const Extras = ({ ui, row }: ExtrasProps) => {
  const { event, text } = row;
  if (!event) return null;
  if (event.deleted) return <p class="bubble gone">{ui.say('gone')}</p>;
  return (
    <>
      {event.replyTo !== undefined && <Quote ui={ui} seq={event.replyTo} />}
      <Opener ui={ui} row={row} event={event} />
      {text !== event.text && <p class="edited">{ui.say('edited')}</p>}
    </>
  );
};

export default Extras;
