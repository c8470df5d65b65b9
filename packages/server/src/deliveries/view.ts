import type { ChannelKind, Delivery } from '@continuo/protocol';
import type { DeliveryTable } from '../storage/schema.ts';
import type { DeliveryError } from './policy.ts';

/** A delivery as agents see it. */
export const deliveryView = (
  row: Pick<DeliveryTable, 'id' | 'seq' | 'state' | 'error'>,
  channelKind: ChannelKind,
): Delivery => {
  const error: DeliveryError | null = row.error === null ? null : JSON.parse(row.error);
  return { id: row.id, seq: row.seq, channelKind, state: row.state, error };
};
