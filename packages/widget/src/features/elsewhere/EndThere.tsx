import { endElsewhere, otherDevices } from '@continuo/core/elsewhere';
import { useEffect, useState } from 'preact/hooks';
import type { UiProps } from '../../panel/ui.tsx';
import { useAct } from '../use-act.ts';

/** Ends the conversation on a device that came by a link of this one; nothing where it did not, or is out already. */
export const EndThere = ({ ui, handoffId }: UiProps & { handoffId: string }) => {
  const { client, say, announcer, i18n } = ui;
  const [isIn, setIn] = useState(false);
  const { busy, problem, act } = useAct(ui);
  useEffect(() => {
    let isGone = false;
    const look = (devices: { handoffId: string }[]) =>
      isGone || setIn(devices.some((device) => device.handoffId === handoffId));
    otherDevices(client).then(look, () => {});
    return () => {
      isGone = true;
    };
  }, [client, handoffId]);
  if (!isIn) return null;
  const end = () =>
    act(async () => {
      await endElsewhere(client, handoffId);
      announcer.say(i18n.text('deviceEnded'));
      setIn(false);
    });
  return (
    <div class="choices">
      {problem && <p class="over">{say(problem)}</p>}
      <button type="button" class="small" aria-disabled={busy} onClick={end}>
        {say('deviceEnd')}
      </button>
    </div>
  );
};
