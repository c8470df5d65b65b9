import { useState } from 'preact/hooks';
import type { Ui } from '../../panel/ui.tsx';

/** The assignee is away: wait for them, or talk to a colleague. */
const AwayChoice = ({ ui, agent }: { ui: Ui; agent: string }) => {
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

export default AwayChoice;
