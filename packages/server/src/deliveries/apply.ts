import type { ChannelKind, DeliveryState } from '@continuo/protocol';
import type { Selectable } from 'kysely';
import { announce } from '../conversations/announce.ts';
import type { Runtime } from '../runtime.ts';
import type { DeliveryTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { type DeliveryEvent, transition } from './policy.ts';
import { deliveryView } from './view.ts';

export type DeliveryRow = Selectable<DeliveryTable> & { kind: ChannelKind };

/** States in which nothing more is carried out by itself. */
const OVER: readonly DeliveryState[] = ['sent', 'delivered', 'read', 'web', 'failed', 'unknown'];

/** Rows with their channel's kind, the oldest first. */
export const deliveryRows = (tx: Tx) =>
  tx.db
    .selectFrom('deliveries as d')
    .innerJoin('channels as c', 'c.id', 'd.channel_id')
    .selectAll('d')
    .select('c.kind')
    .orderBy('d.created_at')
    .orderBy('d.seq');

/** Whether something is being sent to this identity right now; nothing is to one that nobody knows. */
export const isSending = async (tx: Tx, identityId: string | null): Promise<boolean> => {
  if (identityId === null) return false;
  const row = await tx.db
    .selectFrom('deliveries')
    .select('id')
    .where('identity_id', '=', identityId)
    .where('state', '=', 'sending')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};

/** Tells agents of a delivery's state. */
export const tellAgents = (rt: Runtime, tx: Tx, row: DeliveryRow): void => {
  tx.afterCommit(() => {
    const delivery = deliveryView(row, row.kind);
    rt.hub.signal(row.conversation_id, { type: 'delivery', delivery }, 'agents');
  });
};

/**
 * Lets something happen to a delivery: the row is written, agents are told, and what is over loses its content.
 * @returns the row as it is now; the same one where nothing changed
 */
export const applyEvent = async (
  rt: Runtime,
  tx: Tx,
  { row, event }: { row: DeliveryRow; event: DeliveryEvent },
): Promise<DeliveryRow> => {
  const next = transition(row.state, event);
  if (next === null) return row;
  const { state, dueAt, error, providerId, sentAt } = next;
  const changes = {
    state,
    updated_at: rt.now(),
    ...(dueAt !== undefined && { next_at: dueAt }),
    ...(error !== undefined && { error: error === null ? null : JSON.stringify(error) }),
    ...(providerId !== undefined && { provider_id: providerId }),
    ...(sentAt !== undefined && { sent_at: sentAt }),
    // A link's token must not outlive its delivery.
    ...(OVER.includes(state) && { content: null }),
  };
  await tx.db.updateTable('deliveries').set(changes).where('id', '=', row.id).execute();
  const changed = { ...row, ...changes };
  if (state === row.state) return changed;
  tellAgents(rt, tx, changed);
  tx.afterCommit(() => {
    rt.metrics.increment('continuo_deliveries_total', { channel: row.kind, state });
    announce(rt, row.conversation_id);
  });
  return changed;
};
