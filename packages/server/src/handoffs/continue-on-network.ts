import type { InboundEvent } from '@continuo/channels';
import type { Kysely, Selectable } from 'kysely';
import { resolveJoined } from '../conversations/open.ts';
import { planDelivery } from '../deliveries/plan.ts';
import { userOf } from '../identity/brand-users.ts';
import { carryCase } from '../identity/bring-together.ts';
import { sideOf } from '../identity/sides.ts';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable, Database, HandoffTable, IdentityTable } from '../storage/schema.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Scope, Tx } from '../storage/store.ts';
import { claimLink } from './claim.ts';
import { joinConversation, moveIdentity } from './join.ts';
import { recordStep, SOMEONE } from './steps.ts';
import { continueText } from './texts.ts';
import { tokenHashOf } from './token-in-ref.ts';

/*
 * From the web into a network. Whoever opens such a link on the network is asked there, and only the press links the two: a
 * link that was sent to somebody else must not bring them into a stranger's conversation, nor a stranger into theirs.
 */

type Channel = Pick<Selectable<ChannelTable>, 'id' | 'kind' | 'workspace_id'>;

/** Who came, on which channel, and the conversation that they have there. */
export interface Arrival {
  channel: Channel;
  identity: Selectable<IdentityTable>;
  conversationId: string;
}

const ANSWER = /^continuo:(here|notme):([A-Za-z0-9_-]{1,64})$/;

/** What was pressed, of the two answers to the question; null for any other payload. */
const answerOf = (payload: string | null): { yes: boolean; handoffId: string } | null => {
  const [, word, handoffId] = ANSWER.exec(payload ?? '') ?? [];
  return handoffId === undefined ? null : { yes: word === 'here', handoffId };
};

const payloadOf = (event: InboundEvent): string | null => {
  if (event.type === 'message') return event.choice;
  return event.type === 'postback' ? event.payload : null;
};

/** The handoff that an event is about: by the token that it came by, or by the answer. */
const findRow = async (
  db: Kysely<Database>,
  { channel, event }: { channel: Channel; event: InboundEvent },
): Promise<Selectable<HandoffTable> | undefined> => {
  const hash = tokenHashOf(event);
  const id = answerOf(payloadOf(event))?.handoffId;
  if (hash === null && id === undefined) return undefined;
  const row = await db
    .selectFrom('handoffs')
    .selectAll()
    .where('workspace_id', '=', channel.workspace_id)
    .where(hash === null ? 'id' : 'token_hash', '=', hash ?? id ?? '')
    .executeTakeFirst();
  return row?.purpose === `web→${channel.kind}` ? row : undefined;
};

/** The conversation that an event would be brought together with. */
export const arrivalScope = async (
  db: Kysely<Database>,
  input: { channel: Channel; event: InboundEvent },
): Promise<Scope> => {
  const row = await findRow(db, input);
  if (row === undefined) return [];
  return conversationScope(row.conversation_id, await resolveJoined(db, row.conversation_id));
};

const addressOf = ({ channel, identity }: Arrival): string => `${channel.id}:${identity.external_id}`;

const isLive = (row: Selectable<HandoffTable>, now: number): boolean =>
  row.redeemed_at === null && row.revoked_at === null && row.expires_at > now;

/**
 * How the two conversations come together. `same`: they are one. `silent`: nothing was said on the network, which now speaks for
 * the web's. `join`: the web's is joined into the network's. Null: two people's, as far as anyone can tell.
 */
const meetingOf = async (
  tx: Tx,
  { web, arrival }: { web: string; arrival: Arrival },
): Promise<'same' | 'silent' | 'join' | null> => {
  if (web === arrival.conversationId) return 'same';
  const [from, into] = [await sideOf(tx.db, web), await sideOf(tx.db, arrival.conversationId)];
  if ((await userOf(tx.db, from.row.customer_id)) && (await userOf(tx.db, into.row.customer_id))) return null;
  if (into.row.last_message_seq === 0) return 'silent';
  return from.isSocial ? null : 'join';
};

const step = (
  rt: Runtime,
  tx: Tx,
  {
    row,
    conversationId,
    what,
  }: { row: Selectable<HandoffTable>; conversationId: string; what: 'peeked' | 'declined' | 'redeemed' },
): Promise<number> =>
  recordStep(rt, tx, {
    handoffId: row.id,
    conversationId,
    from: 'web',
    to: row.purpose.replace('web→', ''),
    step: what,
    actor: SOMEONE,
  });

const textsFor = async (tx: Tx, { arrival: { identity }, web }: { arrival: Arrival; web: string }) => {
  const { locale } = await tx.db
    .selectFrom('customers')
    .select('locale')
    .where('id', '=', identity.customer_id)
    .executeTakeFirstOrThrow();
  const { name } = await tx.db
    .selectFrom('conversations')
    .innerJoin('workspaces', 'workspaces.id', 'conversations.workspace_id')
    .select('workspaces.name')
    .where('conversations.id', '=', web)
    .executeTakeFirstOrThrow();
  return continueText(locale, name);
};

/** Someone came by a link: asks them, in their thread. @returns false: not by a live link of ours, or one that is no question */
export const askArrival = async (
  rt: Runtime,
  tx: Tx,
  input: { arrival: Arrival; event: InboundEvent },
): Promise<boolean> => {
  const { arrival, event } = input;
  if (tokenHashOf(event) === null) return false;
  const row = await findRow(tx.db, { channel: arrival.channel, event });
  if (row === undefined || !isLive(row, rt.now())) return false;
  const web = await resolveJoined(tx.db, row.conversation_id);
  const meeting = await meetingOf(tx, { web, arrival });
  if (meeting === null) return false;
  const taker = addressOf(arrival);
  if (meeting === 'same') {
    if (!(await claimLink(rt, tx, { handoffId: row.id, taker }))) return false;
    await step(rt, tx, { row, conversationId: web, what: 'redeemed' });
    return true;
  }
  await tx.db
    .updateTable('handoffs')
    .set({ peeked_at: rt.now(), peeked_by: taker })
    .where('id', '=', row.id)
    .execute();
  await step(rt, tx, { row, conversationId: web, what: 'peeked' });
  const { conversationId } = arrival;
  const seq = await step(rt, tx, { row, conversationId, what: 'peeked' });
  const { ask, yes, no } = await textsFor(tx, { arrival, web });
  await planDelivery(rt, tx, {
    conversationId,
    seq,
    text: ask,
    choices: [
      { title: yes, payload: `continuo:here:${row.id}` },
      { title: no, payload: `continuo:notme:${row.id}` },
    ],
    immediate: true,
  });
  return true;
};

const bringTogether = async (
  rt: Runtime,
  tx: Tx,
  { row, web, arrival }: { row: Selectable<HandoffTable>; web: string; arrival: Arrival },
): Promise<string> => {
  const { identity, conversationId } = arrival;
  if ((await meetingOf(tx, { web, arrival })) === 'join') {
    const [from, into] = [await sideOf(tx.db, web), await sideOf(tx.db, conversationId)];
    await joinConversation(rt, tx, { from: web, into: conversationId });
    await carryCase(rt, tx, { from, into });
    return conversationId;
  }
  const { row: conversation } = await sideOf(tx.db, web);
  await moveIdentity(tx, {
    identityId: identity.id,
    customerId: conversation.customer_id,
    handoffId: row.id,
  });
  await tx.db
    .updateTable('customers')
    .set(({ fn, val }) => ({
      name: fn.coalesce('name', val(identity.name)),
      picture_url: fn.coalesce('picture_url', val(identity.picture_url)),
    }))
    .where('id', '=', conversation.customer_id)
    .execute();
  return web;
};

/** The press on an answer to the question. @returns false: there is nothing to answer any more */
export const answerArrival = async (
  rt: Runtime,
  tx: Tx,
  input: { arrival: Arrival; event: InboundEvent },
): Promise<boolean> => {
  const { arrival, event } = input;
  const answer = answerOf(payloadOf(event));
  if (answer === null) return false;
  const row = await findRow(tx.db, { channel: arrival.channel, event });
  const taker = addressOf(arrival);
  if (row === undefined || row.peeked_by !== taker) return false;
  const web = await resolveJoined(tx.db, row.conversation_id);
  if (!answer.yes) {
    await step(rt, tx, { row, conversationId: web, what: 'declined' });
    await tx.db.updateTable('handoffs').set({ peeked_by: null }).where('id', '=', row.id).execute();
    return true;
  }
  if ((await meetingOf(tx, { web, arrival })) === null) return false;
  if (!(await claimLink(rt, tx, { handoffId: row.id, taker }))) return false;
  const { done } = await textsFor(tx, { arrival, web });
  const conversationId = await bringTogether(rt, tx, { row, web, arrival });
  const seq = await step(rt, tx, { row, conversationId, what: 'redeemed' });
  await planDelivery(rt, tx, { conversationId, seq, text: done, immediate: true });
  return true;
};
