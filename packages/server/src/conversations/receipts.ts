import type { ConversationEvent } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { type ConversationRow, loadConversation } from './rows.ts';
import { signalPositions } from './signals.ts';

export interface MarkReceipts {
  conversationId: string;
  by: 'customer' | 'agent';
  /** The last seq that reached the device. */
  received?: number | undefined;
  /** The last seq that was seen; what was seen has also been received. */
  read?: number | undefined;
}

type Positions = Pick<
  ConversationRow,
  'head' | 'customer_received' | 'customer_read' | 'agent_received' | 'agent_read'
>;

/** Positions after a receipt: monotone maxima, never beyond the log's head. */
export const advance = <Row extends Positions>(
  row: Row,
  { by, received = 0, read = 0 }: Omit<MarkReceipts, 'conversationId'>,
): Row => {
  const upTo = (before: number, after: number): number => Math.max(before, Math.min(after, row.head));
  if (by === 'agent') {
    return {
      ...row,
      agent_received: upTo(row.agent_received, Math.max(received, read)),
      agent_read: upTo(row.agent_read, read),
    };
  }
  return {
    ...row,
    customer_received: upTo(row.customer_received, Math.max(received, read)),
    customer_read: upTo(row.customer_read, read),
  };
};

/** Messages of the customer after a seq. At most as many as were unread before are looked at. */
const countUnread = async (tx: Tx, row: ConversationRow, after: number): Promise<number> => {
  if (row.unread === 0 || row.last_message_seq <= after) return 0;
  const rows = await tx.db
    .selectFrom('events')
    .select('body')
    .where('conversation_id', '=', row.id)
    .where('seq', '>', after)
    .where('type', '=', 'message')
    .execute();
  return rows.filter(({ body }) => {
    const event: ConversationEvent = JSON.parse(body);
    return event.type === 'message' && event.author.kind === 'customer' && !event.deleted;
  }).length;
};

/**
 * Notes how far one side has got. Smaller numbers change nothing.
 *
 * @throws ContinuoError `not_found`
 */
export const markReceipts = async (rt: Runtime, tx: Tx, input: MarkReceipts): Promise<void> => {
  const row = await loadConversation(tx.db, input.conversationId);
  // Joined into another: positions in this log say nothing of that one.
  if (row.id !== input.conversationId) return;
  const next = advance(row, input);
  const same =
    next.customer_received === row.customer_received &&
    next.customer_read === row.customer_read &&
    next.agent_received === row.agent_received &&
    next.agent_read === row.agent_read;
  if (same) return;
  const unread = input.by === 'agent' ? await countUnread(tx, row, next.agent_read) : row.unread;
  await tx.db
    .updateTable('conversations')
    .set({
      customer_received: next.customer_received,
      customer_read: next.customer_read,
      agent_received: next.agent_received,
      agent_read: next.agent_read,
      unread,
    })
    .where('id', '=', row.id)
    .execute();
  tx.afterCommit(() => {
    signalPositions(rt, row.id, next);
    if (unread !== row.unread) announce(rt, row.id);
  });
};
