import type { UiProps } from '../../panel/ui.tsx';
import type { ConversationEvent } from '../../view/model.ts';
import { EndThere } from './EndThere.tsx';

/** Tells that the conversation was carried on from here on another device, which can be ended, or in a network. */
const ElsewhereNote = ({
  ui,
  event: { to, handoffId },
}: UiProps & { event: Extract<ConversationEvent, { type: 'handoff' }> }) => {
  const { i18n, say } = ui;
  if (to !== 'web') return <p class="note-line">{say('continuedOn', { channel: i18n.network(to) })}</p>;
  return (
    <>
      <p class="note-line">{say('continuedThere')}</p>
      <EndThere ui={ui} handoffId={handoffId} />
    </>
  );
};

export default ElsewhereNote;
