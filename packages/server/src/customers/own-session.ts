import type { Session } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { openConversation } from '../conversations/open.ts';
import { ContinuoError } from '../errors.ts';
import { noteStartedOver } from '../handoffs/started-over.ts';
import { visibleAfterFor } from '../handoffs/visibility.ts';
import type { Runtime } from '../runtime.ts';
import { issueSession } from '../sessions/sessions.ts';
import type { Database, IdentityTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import type { WebChannelRow } from './web-channel.ts';

/** A device that begins, or takes up again, its own conversation. */
export interface OwnSession {
  channel: WebChannelRow;
  thumbprint: string;
  locale: string | null;
}

const findIdentity = (tx: Tx, input: OwnSession): Promise<IdentityTable | undefined> =>
  tx.db
    .selectFrom('identities')
    .selectAll()
    .where('channel_id', '=', input.channel.id)
    .where('external_id', '=', input.thumbprint)
    .executeTakeFirst();

const createIdentity = async (rt: Runtime, tx: Tx, input: OwnSession): Promise<IdentityTable> => {
  await noteStartedOver(rt, tx, input.thumbprint);
  const now = rt.now();
  const customerId = rt.newId('cus');
  await tx.db
    .insertInto('customers')
    .values({
      id: customerId,
      workspace_id: input.channel.workspaceId,
      name: null,
      picture_url: null,
      locale: input.locale,
      created_at: now,
    })
    .execute();
  return tx.db
    .insertInto('identities')
    .values({
      id: rt.newId('idn'),
      workspace_id: input.channel.workspaceId,
      customer_id: customerId,
      channel_id: input.channel.id,
      external_id: input.thumbprint,
      name: null,
      picture_url: null,
      last_inbound_at: null,
      handoff_id: null,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
};

/** The customer as a session names them. */
export const sessionCustomer = async (
  db: Kysely<Database>,
  conversationId: string,
): Promise<{ id: string; name: string | null }> =>
  db
    .selectFrom('conversations')
    .innerJoin('customers', 'customers.id', 'conversations.customer_id')
    .select(['customers.id', 'customers.name'])
    .where('conversations.id', '=', conversationId)
    .executeTakeFirstOrThrow();

/**
 * A session on the device's own conversation: the one it began here, made if this is the first contact. However many
 * first contacts come at once, the device is one customer with one conversation (writes run one after the other).
 * A conversation that was joined into another leads there, with what a link would show.
 * @throws ContinuoError `session_ended` when the device came by a handoff: it needs a fresh link
 */
export const openOwnSession = async (rt: Runtime, tx: Tx, input: OwnSession): Promise<Session> => {
  const identity = (await findIdentity(tx, input)) ?? (await createIdentity(rt, tx, input));
  if (identity.handoff_id !== null) throw new ContinuoError('session_ended', { renewable: true });
  const { id: conversationId } = await openConversation(rt, tx, {
    workspaceId: input.channel.workspaceId,
    customerId: identity.customer_id,
    channelKind: 'web',
  });
  const customer = await sessionCustomer(tx.db, conversationId);
  const visibleAfter =
    customer.id === identity.customer_id
      ? 0
      : await visibleAfterFor(rt, tx, {
          conversationId,
          visibility: input.channel.settings.handoffVisibility,
        });
  const { token, expiresAt } = await issueSession(rt, tx, {
    workspaceId: input.channel.workspaceId,
    customerId: customer.id,
    conversationId,
    identityId: identity.id,
    thumbprint: input.thumbprint,
    handoffId: null,
    visibleAfter,
  });
  return { token, conversationId, customer, expiresAt };
};
