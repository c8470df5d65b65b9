/** @jsxImportSource react */
import type { Client, TimelineItem } from '@continuo/core';

interface Props {
  item: TimelineItem;
  client: Client;
  /** The last event that an agent saw. */
  agentRead: number;
}

/** Each paragraph of it has a direction of its own, by the style sheet. */
const Text = ({ text }: { text: string }) => <p className="text">{text}</p>;

/** One line of the timeline; events that this UI does not show give nothing. */
export const Line = ({ item, client, agentRead }: Props) => {
  if (item.seq === null) {
    const { clientId, text, state } = item.pending;
    return (
      <li className="mine">
        <Text text={text} />
        {state === 'failed' ? (
          <p>
            Not sent{' '}
            <button type="button" onClick={() => client.retry(clientId)}>
              Retry
            </button>
          </p>
        ) : (
          <p>Sending…</p>
        )}
      </li>
    );
  }
  const { event } = item;
  if (event.type !== 'message') return null;
  const mine = event.author.kind === 'customer';
  return (
    <li className={mine ? 'mine' : 'theirs'}>
      {!mine && <p dir="auto">{event.author.name ?? 'Support'}</p>}
      <Text text={event.text} />
      {mine && <p>{event.seq <= agentRead ? 'Seen' : 'Sent'}</p>}
    </li>
  );
};
