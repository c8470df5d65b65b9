import type { MessageChannel } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Static } from 'typebox';
import type { AuthenticatedSession } from '../sessions/sessions.ts';
import { type Params, prepared } from '../storage/prepared.ts';
import type { Database } from '../storage/schema.ts';

/** Who writes on a session, and from where. */
export interface Sender {
  /** The customer's name, as far as it is known. */
  name: string | null;
  channel: Static<typeof MessageChannel>;
  /** When the device's use was last written down, epoch ms; null: never. */
  notedAt: number | null;
}

type Asked = Pick<AuthenticatedSession, 'workspaceId' | 'conversationId' | 'thumbprint'>;

const findSender = prepared((db, p: Params<Asked>) =>
  db
    .selectFrom('channels')
    .innerJoin('identities', 'identities.channel_id', 'channels.id')
    .innerJoin('conversations', (join) => join.on('conversations.id', '=', p('conversationId')))
    .innerJoin('customers', 'customers.id', 'conversations.customer_id')
    .select(['channels.id', 'channels.kind', 'channels.name'])
    .select(['customers.name as customerName', 'identities.last_inbound_at as notedAt'])
    .where('channels.workspace_id', '=', p('workspaceId'))
    .where('channels.kind', '=', 'web')
    .where('identities.external_id', '=', p('thumbprint')),
);

/**
 * The customer of a session's conversation, and the web channel that they write from: that of the device's web identity.
 * Every device with a session has one, be it with another customer whose conversation it kept apart.
 */
export const senderOf = async (db: Kysely<Database>, session: AuthenticatedSession): Promise<Sender> => {
  const [row] = await findSender(db, session);
  if (!row) throw new Error('a session without a web identity');
  const { customerName: name, notedAt, ...channel } = row;
  return { name, notedAt, channel };
};
