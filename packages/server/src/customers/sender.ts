import type { MessageChannel } from '@continuo/protocol';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, authenticateBy } from '../sessions/sessions.ts';
import { type Params, prepared } from '../storage/prepared.ts';

/** Who writes on a session, and from where. */
export interface Sender {
  /** The customer's name, as far as it is known. */
  name: string | null;
  channel: Static<typeof MessageChannel>;
  /** When the device's use was last written down, epoch ms; null: never. */
  notedAt: number | null;
}

/** Every device with a session has a web identity, be it with another customer whose conversation it kept apart. */
const findSender = prepared((db, p: Params<{ tokenHash: string }>) =>
  db
    .selectFrom('sessions')
    .innerJoin('identities', 'identities.external_id', 'sessions.key_thumbprint')
    .innerJoin('channels', (join) =>
      join
        .onRef('channels.id', '=', 'identities.channel_id')
        .onRef('channels.workspace_id', '=', 'sessions.workspace_id')
        .on('channels.kind', '=', 'web'),
    )
    .innerJoin('conversations', 'conversations.id', 'sessions.conversation_id')
    .innerJoin('customers', 'customers.id', 'conversations.customer_id')
    .selectAll('sessions')
    .select(['channels.id as channelId', 'channels.kind as channelKind', 'channels.name as channelName'])
    .select(['customers.name as customerName', 'identities.last_inbound_at as notedAt'])
    .where('sessions.token_hash', '=', p('tokenHash')),
);

/**
 * The session of this request, and who writes on it: the customer of its conversation, from the channel of the device's
 * web identity. In one query, because every message asks it.
 * @throws ContinuoError as `authenticateBy`
 */
export const authenticateSender = async (
  rt: Runtime,
  request: FastifyRequest,
): Promise<{ session: AuthenticatedSession; sender: Sender }> => {
  const { session, row } = await authenticateBy(rt, request, findSender);
  const channel = { id: row.channelId, kind: row.channelKind, name: row.channelName };
  return { session, sender: { name: row.customerName, notedAt: row.notedAt, channel } };
};
