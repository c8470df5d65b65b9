import type { VNode } from 'preact';
import { pendingIn, type TimelineItem } from '../view/model.ts';
import { type Ui, type UiProps, useStore } from './ui.tsx';

interface Status {
  text: VNode;
  /** Something has to be done. */
  urgent?: boolean;
  /** The number of messages that wait for it. */
  unsent?: number;
  /** Shown after a moment only: a short reconnection needs no words. */
  late?: boolean;
  press?: VNode;
  act?: () => void;
}

/** How many messages are not sent, and will be. */
const countUnsent = (items: readonly TimelineItem[]): number =>
  pendingIn(items).filter(({ state }) => state !== 'failed').length;

/** The network that the conversation came from, if it did. */
const networkOf = (items: readonly TimelineItem[]): string | undefined =>
  items
    .map((item) => (item.seq !== null && item.event.type === 'message' ? item.event.channel.kind : 'web'))
    .find((kind) => kind !== 'web');

const endedStatus = ({ client, $token, $handoff, i18n, say }: Ui): Status => {
  const token = $token.get();
  if (token) {
    return {
      text: say('ended'),
      urgent: true,
      press: say('renew'),
      act: () => $handoff.set({ token, renew: true }),
    };
  }
  const network = networkOf(client.$messages.get());
  return {
    text: network ? say('endedFrom', { channel: i18n.network(network) }) : say('ended'),
    urgent: true,
  };
};

/** What stands in the way now, or how long the wait is: the most binding only. */
const useStatus = (ui: Ui): Status | null => {
  const { client, say } = ui;
  const connection = useStore(client.$connection);
  const session = useStore(client.$session);
  const unsent = countUnsent(useStore(client.$messages));
  const queue = useStore(client.$conversation)?.queuePosition;
  if (connection === 'outdated') {
    return { text: say('outdated'), urgent: true, press: say('reload'), act: () => location.reload() };
  }
  if (session === 'ended') return endedStatus(ui);
  if (connection === 'offline') return { text: say('offline'), unsent };
  if (connection === 'reconnecting') return { text: say('reconnecting'), unsent, late: true };
  // The first message has to wait for its session.
  if (connection === 'connecting' || (unsent && connection === 'idle')) {
    return { text: say('connecting'), unsent, late: true };
  }
  if (!queue) return null;
  return { text: queue === 1 ? say('queuedNext') : say('queued', { n: queue }) };
};

export const StatusBar = ({ ui }: UiProps) => {
  const status = useStatus(ui);
  if (!status) return null;
  const { text, unsent: n, urgent, late, press, act } = status;
  return (
    <div class="status" data-urgent={urgent} data-late={late}>
      <p>
        {text} {n ? ui.say('unsent', { n }) : null}
      </p>
      {press && (
        <button type="button" class="small" onClick={act}>
          {press}
        </button>
      )}
    </div>
  );
};
