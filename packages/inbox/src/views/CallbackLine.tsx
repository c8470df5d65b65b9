import type { ConversationEvent } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { Desk } from '../state/desk.ts';
import type { Thread } from '../state/thread.ts';
import { useText } from './context.ts';
import { Text } from './Text.tsx';

type CallbackEvent = Extract<ConversationEvent, { type: 'callback.requested' }>;

interface CallbackLineProps {
  event: CallbackEvent;
  desk: Desk;
  thread: Thread;
}

/** Whether the call is still to be made. */
const useIsOpen = ({ conversation }: Thread, callbackId: string): boolean => {
  const items = useStore(conversation.$messages);
  return !items.some(
    (item) =>
      'event' in item &&
      (item.event.type === 'callback.cancelled' || item.event.type === 'callback.done') &&
      item.event.callbackId === callbackId,
  );
};

/** The customer wants to be called: on which number, when, and what about. */
export function CallbackLine({ event, desk, thread }: CallbackLineProps) {
  const { t, time, fullTime } = useText();
  const busy = useStore(desk.actions.$busy);
  const isOpen = useIsOpen(thread, event.callbackId);
  const { phone, due, note, callbackId } = event;
  const number = (
    <a href={`tel:${phone}`} dir="ltr">
      {phone}
    </a>
  );
  return (
    <div class="event callback">
      <p>
        {due === null ? (
          <Text of="eventCallbackAsap" values={{ phone: number }} />
        ) : (
          <Text of="eventCallbackAt" values={{ phone: number, time: fullTime(due) }} />
        )}{' '}
        <time dateTime={new Date(event.at).toISOString()} title={fullTime(event.at)}>
          {time(event.at)}
        </time>
      </p>
      {note && (
        <p class="words" dir="auto">
          {note}
        </p>
      )}
      {isOpen && (
        <button
          type="button"
          class="button small"
          aria-disabled={busy.has('callback')}
          onClick={() => void desk.actions.callbackDone(thread.id, callbackId)}
        >
          {t('callbackDone')}
        </button>
      )}
    </div>
  );
}
