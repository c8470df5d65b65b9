import { useState } from 'preact/hooks';
import { forgetDevice } from '../../panel/forget-device.ts';
import { type UiProps, useStore } from '../../panel/ui.tsx';

/** Ends the session on this device, after a question: someone else may use it next. */
const Leave = ({ ui }: UiProps) => {
  const { client, say, pages } = ui;
  const unsent = useStore(client.$messages).filter(({ seq }) => seq === null).length;
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    if (busy) return;
    setBusy(true);
    await forgetDevice(ui);
    pages.close();
  };
  return (
    <div class="form">
      <p class="greeting">{say('leaveAsk')}</p>
      <p>{say('leaveWhy')}</p>
      {unsent > 0 && <p class="over">{say('leaveUnsent', { n: unsent })}</p>}
      <div class="presses">
        <button type="button" class="big" aria-disabled={busy} onClick={leave}>
          {say('leaveYes')}
        </button>
        <button type="button" class="big" onClick={() => pages.close()}>
          {say('leaveNo')}
        </button>
      </div>
    </div>
  );
};

export default Leave;
