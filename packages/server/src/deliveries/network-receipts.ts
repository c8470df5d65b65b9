import type { InboundDelivered, InboundEcho, InboundRead } from '@continuo/channels';
import { markReceipts } from '../conversations/receipts.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { applyEvent, type DeliveryRow, deliveryRows, isSending } from './apply.ts';
import { claimOf } from './metadata.ts';
import { ring } from './room.ts';

/** What a network told of messages of ours to one customer. */
export interface NetworkReceipt<Event> {
  channelId: string;
  /** Null when nobody at this address is known. */
  identityId: string | null;
  event: Event;
}

const rowsByProviderId = (tx: Tx, channelId: string, messageIds: readonly string[]): Promise<DeliveryRow[]> =>
  deliveryRows(tx).where('d.channel_id', '=', channelId).where('d.provider_id', 'in', messageIds).execute();

/**
 * The network told us of a message: if it is ours, it was sent, whatever we knew of it.
 * @returns `foreign`: not ours; `later`: it may be one that is being sent right now
 */
export const noteEcho = async (
  rt: Runtime,
  tx: Tx,
  { channelId, identityId, event }: NetworkReceipt<InboundEcho>,
): Promise<'done' | 'later' | 'foreign'> => {
  const claimId = claimOf(event.metadata);
  const rows =
    claimId === null
      ? await rowsByProviderId(tx, channelId, [event.messageId])
      : await deliveryRows(tx)
          .where('d.channel_id', '=', channelId)
          .where('d.lease_owner', '=', claimId)
          .execute();
  const echoed = { type: 'echoed', messageId: event.messageId, at: event.at } as const;
  for (const row of rows) await applyEvent(rt, tx, { row, event: echoed });
  tx.afterCommit(() => ring(rt, 'deliveries'));
  if (rows.length > 0 || claimId !== null) return 'done';
  return (await isSending(tx, identityId)) ? 'later' : 'foreign';
};

/** Rows of an identity that the network took up to its watermark. */
const rowsUpTo = (tx: Tx, identityId: string, watermark: number) =>
  deliveryRows(tx).where('d.identity_id', '=', identityId).where('d.sent_at', '<=', watermark);

/** @returns `later`: it may be about one that is being sent right now */
export const noteDelivered = async (
  rt: Runtime,
  tx: Tx,
  { channelId, identityId, event }: NetworkReceipt<InboundDelivered>,
): Promise<'done' | 'later'> => {
  const { messageIds, watermark } = event;
  const named = messageIds.length > 0 ? await rowsByProviderId(tx, channelId, messageIds) : [];
  const missing = messageIds.filter((id) => !named.some((row) => row.provider_id === id));
  // One that names nothing may be about what is being sent, too.
  const isKnown = missing.length === 0 && named.length > 0;
  if (!isKnown && (await isSending(tx, identityId))) return 'later';
  const earlier =
    identityId === null || watermark === null
      ? []
      : await rowsUpTo(tx, identityId, watermark).where('d.state', '=', 'sent').execute();
  const rows = new Map([...named, ...earlier].map((row) => [row.id, row]));
  for (const row of rows.values()) await applyEvent(rt, tx, { row, event: { type: 'delivered' } });
  return 'done';
};

/**
 * How far the customer has read, as the network's receipts tell: up to the last message that was read there, but never
 * past one that has yet to reach them, which would then be taken for read.
 */
const readUpTo = async (tx: Tx, conversationId: string): Promise<number> => {
  const { open } = await tx.db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.min('seq').as('open'))
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', ['held', 'pending', 'sending'])
    .executeTakeFirstOrThrow();
  let query = tx.db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.max('seq').as('read'))
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'read');
  if (open !== null) query = query.where('seq', '<', open);
  const { read } = await query.executeTakeFirstOrThrow();
  return read ?? 0;
};

/**
 * The customer has seen everything up to the network's watermark.
 * @returns `later`: that may hold for one that is being sent right now, too
 */
export const noteRead = async (
  rt: Runtime,
  tx: Tx,
  { identityId, event }: NetworkReceipt<InboundRead>,
): Promise<'done' | 'later'> => {
  if (identityId === null) return 'done';
  const rows = await rowsUpTo(tx, identityId, event.watermark)
    .where('d.state', 'in', ['sent', 'delivered'])
    .execute();
  for (const row of rows) await applyEvent(rt, tx, { row, event: { type: 'read' } });
  for (const conversationId of new Set(rows.map((row) => row.conversation_id))) {
    const read = await readUpTo(tx, conversationId);
    if (read > 0) await markReceipts(rt, tx, { conversationId, by: 'customer', read });
  }
  return (await isSending(tx, identityId)) ? 'later' : 'done';
};
