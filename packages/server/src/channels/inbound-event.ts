import type {
  InboundEcho,
  InboundEvent,
  InboundMessage,
  InboundPostback,
  InboundReferral,
  Profile,
} from '@continuo/channels';
import type { Attachment } from '@continuo/protocol';
import type { Selectable } from 'kysely';
import { choiceOf, chooseWhenAway } from '../conversations/choice.ts';
import { pressedOnNetwork } from '../conversations/pressed.ts';
import { receiveMessage } from '../conversations/receive.ts';
import { recordForeignReply } from '../conversations/reply.ts';
import { noteDelivered, noteEcho, noteRead } from '../deliveries/network-receipts.ts';
import { ContinuoError } from '../errors.ts';
import { answerArrival, askArrival } from '../handoffs/continue-on-network.ts';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable, IdentityTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { findIdentity, findOrCreateCustomer } from './customers.ts';
import { type InboundRow, isAfterPutOff } from './inbound-queue.ts';

export type InboundChannel = Selectable<ChannelTable>;

/** An event from a network and what is needed to work on it. */
export interface Incoming<Event = InboundEvent> {
  channel: InboundChannel;
  event: Event;
  /** Who the customer is, if the network was asked and told. */
  profile: Profile | null;
  row: InboundRow;
}

/** The customer did something on this channel: its window opens anew. The network's clock may be ahead of ours. */
const openWindow = async (
  tx: Tx,
  identity: Pick<Selectable<IdentityTable>, 'id' | 'last_inbound_at'>,
  { event, row }: Incoming,
): Promise<void> => {
  const receivedAt = row.received_at;
  const at = event.at > 0 ? Math.min(event.at, receivedAt) : receivedAt;
  if (identity.last_inbound_at !== null && identity.last_inbound_at >= at) return;
  await tx.db.updateTable('identities').set({ last_inbound_at: at }).where('id', '=', identity.id).execute();
};

/** A pressed answer to "your agent is away". False when there is nothing to choose any more. */
const choose = async (
  rt: Runtime,
  tx: Tx,
  input: { conversationId: string; payload: string | null },
): Promise<boolean> => {
  const choice = input.payload === null ? null : choiceOf(input.payload);
  if (choice === null) return false;
  try {
    await chooseWhenAway(rt, tx, { conversationId: input.conversationId, choice });
    return true;
  } catch (error) {
    if (error instanceof ContinuoError && error.code === 'conflict') return false;
    throw error;
  }
};

interface Said {
  text: string;
  attachments: Attachment[];
  /** The payload of what was pressed. */
  payload: string | null;
}

const saidBy = (event: InboundMessage | InboundPostback): Said =>
  event.type === 'message'
    ? { text: event.text, attachments: event.attachments, payload: event.choice }
    : { text: event.title, attachments: [], payload: event.payload };

const takeMessage = async (
  rt: Runtime,
  tx: Tx,
  incoming: Incoming<InboundMessage | InboundPostback>,
): Promise<void> => {
  const { channel, event, profile } = incoming;
  const { identity, conversationId } = await findOrCreateCustomer(rt, tx, {
    channel,
    externalId: event.from,
    profile,
  });
  await openWindow(tx, identity, incoming);
  const arrival = { channel, identity, conversationId };
  if (await answerArrival(rt, tx, { arrival, event })) return;
  const wasAsked = await askArrival(rt, tx, { arrival, event });
  // Get Started is how a new thread is opened; what else is said stands for itself.
  if (wasAsked && event.type === 'postback') return;
  const { text, attachments, payload } = saidBy(event);
  if (await choose(rt, tx, { conversationId, payload })) return;
  const pressed = await pressedOnNetwork(tx, { conversationId, payload });
  // A button without a title says nothing that could be shown.
  if (!pressed && text === '' && attachments.length === 0) return;
  await receiveMessage(rt, tx, {
    conversationId,
    author: { kind: 'customer', id: identity.customer_id, name: identity.name ?? profile?.name ?? null },
    text,
    attachments,
    channel: { id: channel.id, kind: channel.kind, name: channel.name },
    ...pressed,
  });
};

/** A link was opened in a thread that there is. */
const takeReferral = async (rt: Runtime, tx: Tx, incoming: Incoming<InboundReferral>): Promise<void> => {
  const { channel, event } = incoming;
  const { identity, conversationId } = await findOrCreateCustomer(rt, tx, {
    channel,
    externalId: event.from,
  });
  await openWindow(tx, identity, incoming);
  await askArrival(rt, tx, { arrival: { channel, identity, conversationId }, event });
};

/** What a person of ours wrote in the network's own inbox belongs into the thread. */
const takeForeign = async (
  rt: Runtime,
  tx: Tx,
  { channel, event }: Pick<Incoming<InboundEcho>, 'channel' | 'event'>,
): Promise<void> => {
  const { conversationId } = await findOrCreateCustomer(rt, tx, { channel, externalId: event.from });
  await recordForeignReply(rt, tx, {
    conversationId,
    text: event.text,
    attachments: event.attachments,
    channel: { id: channel.id, kind: channel.kind, name: channel.name },
  });
};

/** Does what an event from a network means, in one transaction. @returns `later`: it cannot be told yet what it means */
export const handleInbound = async (rt: Runtime, tx: Tx, incoming: Incoming): Promise<'done' | 'later'> => {
  const { channel, event } = incoming;
  if (event.type === 'ignored') return 'done';
  if (event.type === 'message' || event.type === 'postback') {
    await takeMessage(rt, tx, { ...incoming, event });
    return 'done';
  }
  const identity = await findIdentity(tx, { channel, externalId: event.from });
  if (event.type === 'referral') {
    // Someone of whom we know nothing has said nothing either.
    if (identity) await takeReferral(rt, tx, { ...incoming, event });
    return 'done';
  }
  const about = { channelId: channel.id, identityId: identity?.id ?? null };
  if (event.type === 'delivered') return noteDelivered(rt, tx, { ...about, event });
  if (event.type === 'read') return noteRead(rt, tx, { ...about, event });
  const outcome = await noteEcho(rt, tx, { ...about, event });
  if (outcome !== 'foreign') return outcome;
  // What people of ours wrote keeps its order.
  if (await isAfterPutOff(tx, incoming.row)) return 'later';
  await takeForeign(rt, tx, { channel, event });
  return 'done';
};
