import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
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

/** The assignee is away: wait for them, or talk to a colleague. */
export const AwayChoice = ({ ui, agent }: { ui: Ui; agent: string }) => {
  const { client, i18n, say, announcer } = ui;
  const [chosen, setChosen] = useState<'wait' | 'colleague' | null>(null);
  const name = agent || i18n.text('support');
  const choose = (choice: 'wait' | 'colleague') => () => {
    if (chosen) return;
    setChosen(choice);
    client.choose(choice).catch(() => {
      setChosen(null);
      announcer.say(i18n.text('broken'), 'urgent');
    });
  };
  return (
    <div class="card">
      <p>{say('agentAwayAsk', { agent: name })}</p>
      <div class="choices">
        <button type="button" class="small" aria-disabled={chosen !== null} onClick={choose('wait')}>
          {say('wait', { agent: name })}
        </button>
        <button type="button" class="small" aria-disabled={chosen !== null} onClick={choose('colleague')}>
          {say('colleague')}
        </button>
      </div>
    </div>
  );
};
