import type { VNode } from 'preact';
import type { NoteEvent } from '../view/rows.ts';
import type { Ui } from './ui.tsx';

const wording = (event: NoteEvent, { client, i18n, say }: Ui): VNode => {
  const agent = () => client.$agent.get()?.name ?? i18n.text('support');
  switch (event.type) {
    case 'case.resolved':
      return say('resolved');
    case 'assigned':
      return say('joinedChat', { agent: event.agent?.name ?? agent() });
    case 'assignee.choice':
      return event.choice === 'wait' ? say('choseWait', { agent: agent() }) : say('choseColleague');
    case 'handoff':
      return say('continued', { channel: i18n.network(event.from) });
    case 'joined':
      return say('joined');
  }
};

/** A quiet line about what happened. */
export const Note = ({ ui, event }: { ui: Ui; event: NoteEvent }) => (
  <p class="note-line" data-rule={event.type === 'case.resolved' || undefined}>
    {wording(event, ui)}
  </p>
);
