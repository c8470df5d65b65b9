import type { Kysely } from 'kysely';
import { userOf } from '../identity/brand-users.ts';
import type { Database, IdentityTable } from '../storage/schema.ts';

/** What a device is to a workspace, seen from a handoff to one of its customers. */
export type Device =
  /** It never was here. */
  | { kind: 'new' }
  /** It belongs to the handoff's customer already. */
  | { kind: 'linked'; identity: IdentityTable }
  /** It came to another customer by a link of theirs: it follows the newest link that it redeems. */
  | { kind: 'visiting'; identity: IdentityTable }
  /** It began a conversation in which nothing was said: there is nothing to ask. */
  | { kind: 'silent'; identity: IdentityTable; conversationId: string }
  /** It has a conversation of its own: whether to join the two is asked. */
  | { kind: 'own'; identity: IdentityTable; conversationId: string }
  /** It belongs to someone whose conversation is carried on over other identities too, or who is another user of the brand, and stays theirs. */
  | { kind: 'taken'; identity: IdentityTable };

const findIdentity = (
  db: Kysely<Database>,
  { workspaceId, thumbprint }: { workspaceId: string; thumbprint: string },
): Promise<IdentityTable | undefined> =>
  db
    .selectFrom('identities')
    .innerJoin('channels', 'channels.id', 'identities.channel_id')
    .selectAll('identities')
    .where('channels.workspace_id', '=', workspaceId)
    .where('channels.kind', '=', 'web')
    .where('identities.external_id', '=', thumbprint)
    .executeTakeFirst();

/**
 * What the device with this key is, seen from a handoff to `customerId`. Only a conversation that began on this device
 * and lives on it alone can be joined: one that is carried on over another identity (a Messenger thread, say) would
 * take that identity along, and so hand one person's messages to another.
 */
export const deviceOf = async (
  db: Kysely<Database>,
  input: { workspaceId: string; thumbprint: string; customerId: string },
): Promise<Device> => {
  const identity = await findIdentity(db, input);
  if (identity === undefined) return { kind: 'new' };
  if (identity.customer_id === input.customerId) return { kind: 'linked', identity };
  if (identity.handoff_id !== null) return { kind: 'visiting', identity };
  const further = await db
    .selectFrom('identities')
    .select('id')
    .where('customer_id', '=', identity.customer_id)
    .where('id', '!=', identity.id)
    .limit(1)
    .executeTakeFirst();
  if (further !== undefined) return { kind: 'taken', identity };
  const [own, other] = [await userOf(db, identity.customer_id), await userOf(db, input.customerId)];
  if (own && other) return { kind: 'taken', identity };
  const { id, last_message_seq } = await db
    .selectFrom('conversations')
    .select(['id', 'last_message_seq'])
    .where('customer_id', '=', identity.customer_id)
    .executeTakeFirstOrThrow();
  return { kind: last_message_seq > 0 ? 'own' : 'silent', identity, conversationId: id };
};
