import type { Kysely } from 'kysely';
import { type ConversationRow, loadConversation } from '../conversations/rows.ts';
import type { Database } from '../storage/schema.ts';

/** A conversation that meets another at a log-in. */
export interface Side {
  row: ConversationRow;
  /** It is carried on over a network, too. */
  isSocial: boolean;
}

export const sideOf = async (db: Kysely<Database>, conversationId: string): Promise<Side> => {
  const row = await loadConversation(db, conversationId);
  const social = await db
    .selectFrom('identities')
    .innerJoin('channels', 'channels.id', 'identities.channel_id')
    .select('identities.id')
    .where('identities.customer_id', '=', row.customer_id)
    .where('channels.kind', '!=', 'web')
    .limit(1)
    .executeTakeFirst();
  return { row, isSocial: social !== undefined };
};

/** The conversation of a customer, or the one that it was joined into. */
export const sideOfCustomer = async (db: Kysely<Database>, customerId: string): Promise<Side> => {
  const { id } = await db
    .selectFrom('conversations')
    .select('id')
    .where('customer_id', '=', customerId)
    .executeTakeFirstOrThrow();
  return sideOf(db, id);
};

/** What becomes of the two conversations of a person who logs in on a device that has another one than their account. */
export type Meeting =
  /** The account's conversation goes on, and the device's is joined into it. */
  | 'account'
  /** The device's goes on, and the account's is joined into it. */
  | 'device'
  /** Both stay as they are, and the device goes over to the account's. */
  | 'apart';

/**
 * Pure. The account's conversation goes on, with two exceptions: where nothing was said in it, or where the device's is
 * carried on over a network and the account's is not, because there the customer can be reached and is in the middle of it.
 * Two that are both carried on over networks are never made one: messages of one network would show on the other.
 */
export const meet = (device: Side, account: Side): Meeting => {
  if (device.isSocial) return account.isSocial ? 'apart' : 'device';
  const isUnsaid = account.row.last_message_seq === 0 && !account.isSocial;
  return isUnsaid && device.row.last_message_seq > 0 ? 'device' : 'account';
};
