import type { Profile } from '@continuo/channels';
import type { Selectable } from 'kysely';
import { openConversation } from '../conversations/open.ts';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable, IdentityTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';

export interface FindCustomer {
  channel: Pick<ChannelTable, 'id' | 'kind' | 'workspace_id'>;
  /** Their address there. */
  externalId: string;
  /** Who they are, as far as the network told; null or left out: not known. */
  profile?: Profile | null | undefined;
}

export interface FoundCustomer {
  identity: Selectable<IdentityTable>;
  conversationId: string;
}

export const findIdentity = (tx: Tx, { channel, externalId }: Pick<FindCustomer, 'channel' | 'externalId'>) =>
  tx.db
    .selectFrom('identities')
    .selectAll()
    .where('channel_id', '=', channel.id)
    .where('external_id', '=', externalId)
    .executeTakeFirst();

const createCustomer = async (
  rt: Runtime,
  tx: Tx,
  { channel, externalId, profile }: FindCustomer,
): Promise<Selectable<IdentityTable>> => {
  const now = rt.now();
  const { name = null, pictureUrl = null, locale = null } = profile ?? {};
  const customerId = rt.newId('cus');
  await tx.db
    .insertInto('customers')
    .values({
      id: customerId,
      workspace_id: channel.workspace_id,
      name,
      picture_url: pictureUrl,
      locale,
      created_at: now,
    })
    .execute();
  return tx.db
    .insertInto('identities')
    .values({
      id: rt.newId('idn'),
      workspace_id: channel.workspace_id,
      customer_id: customerId,
      channel_id: channel.id,
      external_id: externalId,
      name,
      picture_url: pictureUrl,
      last_inbound_at: null,
      handoff_id: null,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
};

/** What the network tells now fills what was not known; what is known stays. */
const fillIn = async (tx: Tx, identity: Selectable<IdentityTable>, profile: Profile): Promise<void> => {
  const { name, pictureUrl, locale } = profile;
  await tx.db
    .updateTable('identities')
    .set({ name, picture_url: pictureUrl })
    .where('id', '=', identity.id)
    .execute();
  await tx.db
    .updateTable('customers')
    .set(({ fn, val }) => ({
      name: fn.coalesce('name', val(name)),
      picture_url: fn.coalesce('picture_url', val(pictureUrl)),
      locale: fn.coalesce('locale', val(locale)),
    }))
    .where('id', '=', identity.customer_id)
    .execute();
};

/**
 * The customer at this address and their conversation, made where there are none. However many ask at once, one
 * customer has one conversation: the address is unique on the channel, and the conversation on the customer.
 */
export const findOrCreateCustomer = async (
  rt: Runtime,
  tx: Tx,
  input: FindCustomer,
): Promise<FoundCustomer> => {
  const { channel, profile } = input;
  const known = await findIdentity(tx, input);
  const identity = known ?? (await createCustomer(rt, tx, input));
  if (known && known.name === null && profile) await fillIn(tx, known, profile);
  const { id } = await openConversation(rt, tx, {
    workspaceId: channel.workspace_id,
    customerId: identity.customer_id,
    channelKind: channel.kind,
  });
  return { identity, conversationId: id };
};
