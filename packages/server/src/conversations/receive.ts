import type { Actor, Answer, Attachment, MessageEvent } from '@continuo/protocol';
import { planDelivery } from '../deliveries/plan.ts';
import { ContinuoError } from '../errors.ts';
import { type FileClaim, giveFiles, takeFiles } from '../files/attached.ts';
import type { Runtime } from '../runtime.ts';
import { type Params, prepared } from '../storage/prepared.ts';
import type { ClientKey, Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { awayNotice } from './away-notice.ts';
import { insertCase, type Placed, placeCase } from './cases.ts';
import { answeredBy, findRepeated, messageIn, previewOf } from './messages.ts';
import { pressedBy } from './pressed.ts';
import { type ConversationRow, loadConversation } from './rows.ts';

export interface ReceiveMessage {
  conversationId: string;
  author: Actor;
  text: string;
  attachments: Attachment[];
  /** Uploads that come with it, behind `attachments`. */
  files?: FileClaim;
  /** Where it was written. */
  channel: MessageEvent['channel'];
  /** The key of idempotence; what comes from a network has been sifted before. */
  key?: ClientKey;
  /** The message that it answers. */
  replyTo?: number | undefined;
  /** The option that was pressed. */
  answer?: Answer | undefined;
  /** Nothing up to this seq may be answered. Default: 0 */
  visibleAfter?: number;
}

export interface Stored {
  event: MessageEvent;
  /** It had been stored before, under the same client id. */
  duplicate: boolean;
}

interface Noted {
  id: string;
  seq: number;
  at: number;
  preview: string;
  kind: MessageEvent['channel']['kind'];
}

const noteMessage = prepared((db, p: Params<Noted>) =>
  db
    .updateTable('conversations')
    .set((eb) => ({
      unread: eb('unread', '+', 1),
      waiting_since: eb.fn.coalesce('waiting_since', p('at')),
      last_message_seq: p('seq'),
      last_message_at: p('at'),
      last_message_from: 'customer',
      last_message_preview: p('preview'),
      last_channel_kind: p('kind'),
    }))
    .where('id', '=', p('id')),
);

/** Apart from the rest: it is in indexes, which SQLite writes anew even where nothing in them changes. */
const noteOpening = async (tx: Tx, { id, case_number }: ConversationRow): Promise<void> => {
  await tx.db
    .updateTable('conversations')
    .set({ status: 'open', case_number: case_number + 1 })
    .where('id', '=', id)
    .execute();
};

const updateRow = async (tx: Tx, row: ConversationRow, event: MessageEvent): Promise<void> => {
  await noteMessage(tx.db, {
    id: row.id,
    seq: event.seq,
    at: event.at,
    preview: previewOf(event),
    kind: event.channel.kind,
  });
};

/** Someone who writes from a network cannot see the widget's question: it is sent to them. */
const tellAway = async (
  rt: Runtime,
  tx: Tx,
  { row, placed }: { row: ConversationRow; placed: Placed },
): Promise<void> => {
  if (!placed.away) return;
  const customer = await tx.db
    .selectFrom('customers')
    .select('locale')
    .where('id', '=', row.customer_id)
    .executeTakeFirstOrThrow();
  const notice = awayNotice(placed.away.name, customer.locale);
  try {
    await planDelivery(rt, tx, { conversationId: row.id, seq: placed.seq, ...notice, immediate: true });
  } catch (error) {
    // What the customer wrote must be kept, even if the network takes no notice from us now.
    if (!(error instanceof ContinuoError && error.code === 'window_closed')) throw error;
  }
};

/** The conversation, and whether this is in it already: asked together, because nearly always neither was joined. */
const look = async (tx: Tx, { conversationId, key }: ReceiveMessage) => {
  const [row, repeated] = await Promise.all([
    loadConversation(tx.db, conversationId),
    findRepeated(tx, conversationId, key),
  ]);
  if (row.id === conversationId) return { row, repeated };
  return { row, repeated: await findRepeated(tx, row.id, key) };
};

/**
 * Stores what a customer wrote. The first message ever, or the first after the last case was resolved, opens a case:
 * the log then reads `case.opened`, the message, and `assigned` (or `assignee.away`).
 *
 * @throws ContinuoError `not_found`; `client_id_conflict` when another message was stored under the client id;
 *   `conflict` when one of `files` cannot be sent
 */
export const receiveMessage = async (rt: Runtime, tx: Tx, input: ReceiveMessage): Promise<Stored> => {
  const { row, repeated } = await look(tx, input);
  if (repeated) return { event: repeated, duplicate: true };

  const { author, text, files, channel, key } = input;
  const attachments = files ? [...input.attachments, ...(await takeFiles(rt, tx, files))] : input.attachments;
  // Seqs of a conversation that was joined into this one say nothing here.
  const isHere = row.id === input.conversationId;
  const answered = isHere ? { ...(await answeredBy(tx, input)), ...(await pressedBy(tx, input)) } : {};
  const message = {
    type: 'message',
    author,
    clientId: key?.clientId ?? null,
    text,
    attachments,
    channel,
    ...answered,
  } as const;
  const opening = row.status === 'resolved';
  const opened = { type: 'case.opened', case: row.case_number + 1 } as const;
  const events = await tx.append(row.id, opening ? [opened, message] : [message], key);
  const event = messageIn(events);
  if (files) await giveFiles(tx, files, { conversationId: row.id, seq: event.seq });
  if (opening) await noteOpening(tx, row);
  await updateRow(tx, row, event);
  tx.afterCommit(() => announce(rt, row.id));
  if (!opening) return { event, duplicate: false };

  await insertCase(rt, tx, { row, openedSeq: event.seq - 1 });
  const placed = await placeCase(rt, tx, row);
  if (channel.kind !== 'web') await tellAway(rt, tx, { row, placed });
  return { event, duplicate: false };
};
