import { cancelErasure, exportData, requestErasure } from '@continuo/core/afterwards';
import { useEffect, useState } from 'preact/hooks';
import { type UiProps, useStore } from '../../panel/ui.tsx';
import { fileName, save } from '../copies/save.ts';
import { useAct } from '../use-act.ts';
import { dueAt } from './due.ts';

const Export = ({ ui }: UiProps) => {
  const { client, shell, say } = ui;
  const { busy, problem, act } = useAct(ui);
  const download = () =>
    act(async () => {
      const data = JSON.stringify(await exportData(client), null, 2);
      save(
        shell.root,
        fileName('my-data', 'json', Date.now()),
        new Blob([data], { type: 'application/json' }),
      );
    });
  return (
    <div class="form">
      <p>{say('exportWhy')}</p>
      {problem && <p class="over">{say(problem)}</p>}
      <button type="button" class="big" aria-disabled={busy} onClick={download}>
        {say('download')}
      </button>
    </div>
  );
};

/** Two presses on two different buttons: the second one stands where the first did not. */
const Erase = ({ ui }: UiProps) => {
  const { client, say } = ui;
  const [isAsked, setAsked] = useState(false);
  const { busy, problem, act } = useAct(ui);
  const erase = () => act(async () => void (await requestErasure(client)));
  return (
    <div class="form">
      <p>{say('eraseWhy')}</p>
      {problem && <p class="over">{say(problem)}</p>}
      <div class="presses">
        {isAsked ? (
          <>
            <button type="button" class="big" onClick={() => setAsked(false)}>
              {say('eraseKeep')}
            </button>
            <button type="button" class="big over" aria-disabled={busy} onClick={erase}>
              {say('eraseSure')}
            </button>
          </>
        ) : (
          <button type="button" class="big" onClick={() => setAsked(true)}>
            {say('eraseAll')}
          </button>
        )}
      </div>
    </div>
  );
};

const Keep = ({ ui, at }: UiProps & { at: number }) => {
  const { client, i18n, say } = ui;
  const { busy, problem, act } = useAct(ui);
  const date = `${i18n.day(at, Date.now())} ${i18n.time(at)}`;
  return (
    <div class="form">
      <p class="greeting over">{say('eraseDue', { date })}</p>
      {problem && <p>{say(problem)}</p>}
      <button type="button" class="big" aria-disabled={busy} onClick={() => act(() => cancelErasure(client))}>
        {say('eraseKeep')}
      </button>
    </div>
  );
};

/** What is held of the customer: to take along, and to have erased. */
const MyData = ({ ui }: UiProps) => {
  const { client, i18n, announcer } = ui;
  const at = dueAt(useStore(client.$messages), useStore(client.$conversation)?.eraseAt ?? null);
  const [before, setBefore] = useState(at);
  useEffect(() => {
    if (at === before) return;
    setBefore(at);
    const date = at === null ? '' : `${i18n.day(at, Date.now())} ${i18n.time(at)}`;
    announcer.say(at === null ? i18n.text('eraseKept') : i18n.text('eraseDue', { date }));
  }, [at, before, i18n, announcer]);
  return (
    <>
      <Export ui={ui} />
      {at === null ? <Erase ui={ui} /> : <Keep ui={ui} at={at} />}
    </>
  );
};

export default MyData;
