import type { Actor, Attachment, EventDraft, MessageEvent, Rich } from '@continuo/protocol';
import { planDelivery } from '../deliveries/plan.ts';
import type { Runtime } from '../runtime.ts';
import { type Params, prepared } from '../storage/prepared.ts';
import type { ClientKey, Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { setAssignee } from './assign.ts';
import { insertCase } from './cases.ts';
import { isPersonWanted } from './choice.ts';
import { answeredBy, findRepeated, messageIn, previewOf } from './messages.ts';
import type { Stored } from './receive.ts';
import { type ConversationRow, loadAgent, loadConversation } from './rows.ts';
import { signalPositions } from './signals.ts';

type Channel = MessageEvent['channel'];

export interface Reply {
  conversationId: string;
  agent: Actor;
  text: string;
  key: ClientKey;
  /** The message that it answers. */
  replyTo?: number | undefined;
  /** What it shows below its text. */
  rich?: Rich | undefined;
}

/** The channel that an answer is written to: where the customer last wrote. */
const channelOfAnswer = async (tx: Tx, row: ConversationRow): Promise<Channel> =>
  tx.db
    .selectFrom('identities as i')
    .innerJoin('channels as c', 'c.id', 'i.channel_id')
    .select(['c.id', 'c.kind', 'c.name'])
    .where('i.customer_id', '=', row.customer_id)
    .orderBy((eb) => eb.case().when('c.kind', '=', row.last_channel_kind).then(0).else(1).end())
    .orderBy((eb) => eb.fn.coalesce('i.last_inbound_at', 'i.created_at'), 'desc')
    .executeTakeFirstOrThrow();

/** Only the first answer is noted: it tells how long customers wait. */
const noteAnswered = prepared((db, p: Params<{ id: string; at: number }>) =>
  db
    .updateTable('cases')
    .set({ answered_at: p('at') })
    .where('conversation_id', '=', p('id'))
    .where('resolved_at', 'is', null)
    .where('answered_at', 'is', null),
);

/** The row after an answer: nobody waits, and the agents have seen everything up to it. */
const answered = async (
  rt: Runtime,
  tx: Tx,
  { row, event }: { row: ConversationRow; event: MessageEvent },
) => {
  await tx.db
    .updateTable('conversations')
    .set({
      assignee_away: 0,
      unread: 0,
      waiting_since: null,
      agent_read: event.seq,
      last_message_seq: event.seq,
      last_message_at: event.at,
      last_message_from: 'agent',
      last_message_preview: previewOf(event),
    })
    .where('id', '=', row.id)
    .execute();
  if (row.waiting_since !== null) await noteAnswered(tx.db, { id: row.id, at: event.at });
  tx.afterCommit(() => {
    signalPositions(rt, row.id, { ...row, agent_read: event.seq });
    announce(rt, row.id);
  });
};

const openForReply = async (
  rt: Runtime,
  tx: Tx,
  { row, event }: { row: ConversationRow; event: MessageEvent },
) => {
  await insertCase(rt, tx, { row, openedSeq: event.seq - 1 });
  await tx.db
    .updateTable('conversations')
    .set({ status: 'open', case_number: row.case_number + 1 })
    .where('id', '=', row.id)
    .execute();
};

/**
 * Stores an agent's answer and plans how it reaches the customer. Answering a resolved conversation opens its next
 * case; answering one that is nobody's makes it the agent's own. An assignee is never replaced by answering.
 *
 * @throws ContinuoError `not_found`; `client_id_conflict`; `window_closed` when the answer could not reach the customer
 */
export const replyMessage = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, agent, text, key, ...asked }: Reply,
): Promise<Stored> => {
  const row = await loadConversation(tx.db, conversationId);
  const repeated = await findRepeated(tx, row.id, key);
  if (repeated) return { event: repeated, duplicate: true };

  // Seqs of a conversation that was joined into this one say nothing here.
  const { replyTo, rich } = asked;
  const answers = row.id === conversationId ? await answeredBy(tx, { conversationId, replyTo }) : {};
  const channel = await channelOfAnswer(tx, row);
  const message: EventDraft = {
    type: 'message',
    author: agent,
    clientId: key.clientId,
    text,
    attachments: [],
    channel,
    ...answers,
    ...(rich && { rich }),
  };
  const opening = row.status === 'resolved';
  const opened: EventDraft = { type: 'case.opened', case: row.case_number + 1 };
  const event = messageIn(await tx.append(row.id, opening ? [opened, message] : [message], key));
  await planDelivery(rt, tx, { conversationId: row.id, seq: event.seq, text });
  await answered(rt, tx, { row, event });
  if (opening) await openForReply(rt, tx, { row, event });

  const self = row.assignee_id === null && agent.id !== null ? await loadAgent(tx.db, agent.id) : null;
  if (self && !(self.bot === 1 && (await isPersonWanted(tx, row)))) {
    await setAssignee(rt, tx, {
      row: { ...row, status: 'open' },
      agent: self,
      actor: agent,
      reason: 'manual',
    });
  }
  return { event, duplicate: false };
};

export interface ForeignReply {
  conversationId: string;
  text: string;
  attachments: Attachment[];
  /** The network in whose own inbox it was written. */
  channel: Channel;
}

/** Stores what a person answered in the network's own inbox. It has reached the customer already; who wrote it is not known. */
export const recordForeignReply = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, text, attachments, channel }: ForeignReply,
): Promise<MessageEvent> => {
  const row = await loadConversation(tx.db, conversationId);
  const author: Actor = { kind: 'agent', id: null, name: channel.name };
  const event = messageIn(
    await tx.append(row.id, [{ type: 'message', author, clientId: null, text, attachments, channel }]),
  );
  await answered(rt, tx, { row, event });
  return event;
};
