import type { VNode } from 'preact';
import type { NoteEvent } from '../view/rows.ts';
import { feature, Later } from './Later.tsx';
import type { Ui } from './ui.tsx';

const after = feature(() => import('../features/note/After.tsx'));

const wording = (event: NoteEvent, { client, i18n, say }: Ui): VNode | null => {
  const agent = () => client.$agent.get()?.name ?? i18n.text('support');
  switch (event.type) {
    case 'case.resolved':
      return say('resolved');
    case 'assigned':
      return say('joinedChat', { agent: event.agent?.name ?? agent() });
    case 'assignee.choice':
      return event.choice === 'wait' ? say('choseWait', { agent: agent() }) : say('choseColleague');
    case 'handoff':
      return event.from === 'web' ? null : say('continued', { channel: i18n.network(event.from) });
    case 'joined':
      return say('joined');
    default:
      return null;
  }
};

/** A quiet line about what happened. */
export const Note = ({ ui, event }: { ui: Ui; event: NoteEvent }) => {
  const words = wording(event, ui);
  const isEnd = event.type === 'case.resolved';
  return (
    <>
      {words && (
        <p class="note-line" data-rule={isEnd || undefined}>
          {words}
        </p>
      )}
      {(isEnd || !words) && <Later of={after} props={{ ui, event }} quiet />}
    </>
  );
};
