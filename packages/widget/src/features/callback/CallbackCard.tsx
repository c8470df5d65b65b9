import { cancelCallback } from '@continuo/core';
import { useState } from 'preact/hooks';
import { type Ui, useStore } from '../../panel/ui.tsx';
import type { CallbackEvent } from '../../view/rows.ts';
import { dayOf } from '../service/when.ts';

type Ended = 'callback.cancelled' | 'callback.done';

const useEnded = ({ client }: Ui, callbackId: string): Ended | null => {
  const items = useStore(client.$messages);
  for (const item of items) {
    if (item.seq === null) continue;
    const { event } = item;
    if (event.type === 'callback.cancelled' || event.type === 'callback.done') {
      if (event.callbackId === callbackId) return event.type;
    }
  }
  return null;
};

const Words = ({ ui, event: { phone, due } }: { ui: Ui; event: CallbackEvent }) => {
  const number = `\u2066${phone}\u2069`;
  if (due === null) return ui.say('callbackAsap', { phone: number });
  return ui.say('callbackAt', { phone: number, day: dayOf(ui, due, Date.now()), time: ui.i18n.time(due) });
};

/** The call that was asked for: when, to which number, and what became of it. */
const CallbackCard = ({ ui, event }: { ui: Ui; event: CallbackEvent }) => {
  const { client, i18n, say, announcer } = ui;
  const ended = useEnded(ui, event.callbackId);
  const [busy, setBusy] = useState(false);
  const cancel = () => {
    if (busy) return;
    setBusy(true);
    cancelCallback(client, event.callbackId)
      .catch(() => announcer.say(i18n.text('broken'), 'urgent'))
      .finally(() => setBusy(false));
  };
  if (ended)
    return <p class="note-line">{say(ended === 'callback.done' ? 'callbackDone' : 'callbackCancelled')}</p>;
  return (
    <div class="card">
      <p>
        <Words ui={ui} event={event} />
      </p>
      {event.note && <p dir="auto">{event.note}</p>}
      <div class="choices">
        <button type="button" class="small" aria-disabled={busy} onClick={cancel}>
          {say('callbackCancel')}
        </button>
      </div>
    </div>
  );
};

export default CallbackCard;
