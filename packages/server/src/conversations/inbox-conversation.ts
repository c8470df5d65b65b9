import type { Delivery, IdentityView, InboxConversation } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { readWorkspaceSettings } from '../config/workspace-settings.ts';
import { erasureOf } from '../customers/erasure.ts';
import { chooseTarget } from '../deliveries/target.ts';
import { deliveryView } from '../deliveries/view.ts';
import { windowOf } from '../deliveries/windows.ts';
import { ContinuoError } from '../errors.ts';
import { handoffPossible } from '../handoffs/possible.ts';
import { userOf } from '../identity/brand-users.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { type ConversationRow, loadConversation } from './rows.ts';
import { positionsOf } from './signals.ts';
import { summaryViews } from './summary.ts';

/** Deliveries that a conversation's page shows. */
const DELIVERIES = 200;

/** Every address of the customer, the last used first. */
const identitiesOf = async (
  rt: Runtime,
  db: Kysely<Database>,
  row: ConversationRow,
): Promise<IdentityView[]> => {
  const { settings } = await db
    .selectFrom('workspaces')
    .select('settings')
    .where('id', '=', row.workspace_id)
    .executeTakeFirstOrThrow();
  const identities = await db
    .selectFrom('identities')
    .selectAll()
    .where('customer_id', '=', row.customer_id)
    .orderBy((eb) => eb.fn.coalesce('last_inbound_at', 'created_at'), 'desc')
    .orderBy('id')
    .execute();
  if (identities.length === 0) return [];
  const channels = await db
    .selectFrom('channels')
    .selectAll()
    .where(
      'id',
      'in',
      identities.map((identity) => identity.channel_id),
    )
    .execute();
  const workspaceSettings = readWorkspaceSettings(settings);
  return identities.flatMap((identity) => {
    const channel = channels.find(({ id }) => id === identity.channel_id);
    if (!channel) return [];
    return {
      id: identity.id,
      channel: { id: channel.id, kind: channel.kind, name: channel.name },
      name: identity.name,
      pictureUrl: identity.picture_url,
      lastInboundAt: identity.last_inbound_at,
      window: windowOf(rt, { identity, channel, settings: workspaceSettings }),
    };
  });
};

const deliveriesOf = async (db: Kysely<Database>, conversationId: string): Promise<Delivery[]> => {
  const rows = await db
    .selectFrom('deliveries as d')
    .innerJoin('channels as c', 'c.id', 'd.channel_id')
    .selectAll('d')
    .select('c.kind as channel_kind')
    .where('d.conversation_id', '=', conversationId)
    .orderBy('d.seq', 'desc')
    .limit(DELIVERIES)
    .execute();
  return rows.map((row) => deliveryView(row, row.channel_kind)).reverse();
};

/** Where an answer would go now: to the page the customer is on, or else to the network that a delivery would take. */
const replyTarget = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<InboxConversation['replyTo']> => {
  const target = await chooseTarget(rt, db, conversationId);
  if (!target || rt.presence.of(conversationId) === 'web') return { kind: 'web', state: 'open', until: null };
  const { state, until } = target.window;
  return { kind: target.kind, state: state === 'closed' ? 'closed' : 'open', until };
};

const openCase = async (db: Kysely<Database>, conversationId: string): Promise<InboxConversation['case']> => {
  const row = await db
    .selectFrom('cases')
    .select(['number', 'opened_at'])
    .where('conversation_id', '=', conversationId)
    .where('resolved_at', 'is', null)
    .executeTakeFirst();
  return row ? { number: row.number, openedAt: row.opened_at } : null;
};

const lastRating = async (
  db: Kysely<Database>,
  conversationId: string,
): Promise<Pick<InboxConversation, 'rating'>> => {
  const row = await db
    .selectFrom('cases')
    .select(['number', 'rating', 'rating_comment'])
    .where('conversation_id', '=', conversationId)
    .where('rating', 'is not', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row || row.rating === null) return {};
  return { rating: { case: row.number, score: row.rating, comment: row.rating_comment } };
};

/**
 * Everything that an agent sees beside a conversation's log.
 *
 * @throws ContinuoError `not_found`, also while nothing was said in it
 */
export const inboxConversation = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<InboxConversation> => {
  const row = await loadConversation(db, conversationId);
  const [view] = await summaryViews(rt, db, [row.id]);
  if (!view) throw new ContinuoError('not_found');
  const user = await userOf(db, row.customer_id);
  return {
    summary: view.summary,
    ...(user && { user: { id: user.user_id, email: user.email } }),
    identities: await identitiesOf(rt, db, row),
    deliveries: await deliveriesOf(db, row.id),
    positions: positionsOf(row),
    case: await openCase(db, row.id),
    replyTo: await replyTarget(rt, db, row.id),
    handoff: await handoffPossible(rt, db, row.id),
    ...(await lastRating(db, row.id)),
    ...(await erasureOf(db, row.customer_id)),
  };
};
