import { endCase } from '@continuo/core/afterwards';
import { type UiProps, useStore } from '../../panel/ui.tsx';
import { useAct } from '../use-act.ts';

/** Ends the chat, after a question. */
const EndChat = ({ ui }: UiProps) => {
  const { client, say, pages } = ui;
  const current = useStore(client.$conversation)?.case;
  const { busy, problem, act } = useAct(ui);
  const end = () =>
    act(async () => {
      if (current) await endCase(client, current.number);
      pages.close();
    });
  return (
    <div class="form">
      <p class="greeting">{say('endAsk')}</p>
      <p>{say('endWhy')}</p>
      {problem && <p class="over">{say(problem)}</p>}
      <div class="presses">
        <button type="button" class="big" aria-disabled={busy} onClick={end}>
          {say('endChat')}
        </button>
        <button type="button" class="big" onClick={() => pages.close()}>
          {say('endNo')}
        </button>
      </div>
    </div>
  );
};

export default EndChat;
