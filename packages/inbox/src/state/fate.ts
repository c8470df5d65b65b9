import type { ChannelKind, Delivery, MessageEvent, Positions } from '@continuo/protocol';

/** What became of one of our messages, as the agent is told. `site…`: on the web alone, or on the web first. */
export type Fate =
  | { kind: 'stored' | 'siteReceived' | 'siteRead' }
  | { kind: Exclude<Delivery['state'], 'web'>; delivery: Delivery };

/** What became of message `seq`, from its delivery (if it has one) and how far the customer has got. */
export const fateOf = (
  seq: number,
  delivery: Delivery | undefined,
  { customerReceived, customerRead }: Positions,
): Fate => {
  if (delivery && delivery.state !== 'web') {
    const readOnSite = customerRead >= seq && (delivery.state === 'held' || delivery.state === 'pending');
    return readOnSite ? { kind: 'siteRead' } : { kind: delivery.state, delivery };
  }
  if (delivery || customerRead >= seq) return { kind: 'siteRead' };
  return { kind: customerReceived >= seq ? 'siteReceived' : 'stored' };
};

/** The channel that a message is on: where it was carried to, or else where it was written. */
export const placeOf = (
  { channel }: MessageEvent,
  delivery: Delivery | undefined,
): { kind: ChannelKind; name: string } => {
  const isCarried = delivery && delivery.state !== 'web' && delivery.state !== 'held';
  return isCarried && delivery.channelKind !== channel.kind
    ? { kind: delivery.channelKind, name: delivery.channelKind }
    : channel;
};

/** Whether the agent should look at it: it did not go well, or nobody knows. */
export const needsCare = ({ kind }: Fate): boolean => kind === 'failed' || kind === 'unknown';
