import type { Kysely } from 'kysely';
import { announce } from '../conversations/announce.ts';
import { SYSTEM } from '../conversations/profile.ts';
import { resolveCase } from '../conversations/resolve.ts';
import { forgetFilesOf } from '../files/forget.ts';
import type { Runtime } from '../runtime.ts';
import { endSessionsOf } from '../sessions/sessions.ts';
import type { Database } from '../storage/schema.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import { redact } from './redact.ts';

/** Events redacted in one unit of work, so that no other write waits long. */
const BATCH = 200;

const NOT_SENT = JSON.stringify({ code: 'erased', message: 'The customer had everything erased' });

/** One person may have several: conversations that they joined into one keep a customer each. */
interface Person {
  customerIds: string[];
  conversations: { id: string; head: number }[];
}

const findPerson = async (db: Kysely<Database>, customerId: string): Promise<Person> => {
  const conversations: { id: string; head: number; customer_id: string }[] = [];
  let found = await db
    .selectFrom('conversations')
    .select(['id', 'head', 'customer_id'])
    .where('customer_id', '=', customerId)
    .execute();
  while (found.length > 0) {
    conversations.push(...found);
    const ids = found.map(({ id }) => id);
    found = await db
      .selectFrom('conversations')
      .select(['id', 'head', 'customer_id'])
      .where('joined_into', 'in', ids)
      .execute();
  }
  const customerIds = [customerId, ...conversations.map((row) => row.customer_id)];
  return { customerIds: [...new Set(customerIds)], conversations };
};

/** @returns the last seq that was redacted; null when nothing is left */
const redactBatch = async (tx: Tx, conversationId: string, after: number): Promise<number | null> => {
  const rows = await tx.db
    .selectFrom('events')
    .select(['seq', 'body', 'client_hash'])
    .where('conversation_id', '=', conversationId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(BATCH)
    .execute();
  for (const { seq, body, client_hash } of rows) {
    await tx.db
      .updateTable('events')
      // The hash of a short text would tell whoever guesses it.
      .set({ body: JSON.stringify(redact(JSON.parse(body))), client_hash: client_hash && '' })
      .where('conversation_id', '=', conversationId)
      .where('seq', '=', seq)
      .execute();
  }
  return rows.length < BATCH ? null : (rows.at(-1)?.seq ?? null);
};

const redactLog = async (rt: Runtime, conversationId: string): Promise<void> => {
  let after: number | null = 0;
  while (after !== null) {
    const from: number = after;
    after = await rt.store.write(
      (tx) => redactBatch(tx, conversationId, from),
      conversationScope(conversationId),
    );
  }
};

/** Everything of a conversation that is not its log. */
const wipeConversation = async (rt: Runtime, tx: Tx, conversationId: string): Promise<void> => {
  const { db } = tx;
  const { status } = await db
    .selectFrom('conversations')
    .select('status')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
  if (status === 'open') await resolveCase(rt, tx, { conversationId, actor: SYSTEM });
  await endSessionsOf(rt, tx, { conversationId });
  // The device's link leads nowhere any more: it may begin anew, like anyone.
  await db
    .updateTable('sessions')
    .set({ handoff_id: null })
    .where('conversation_id', '=', conversationId)
    .execute();
  await db
    .updateTable('handoffs')
    .set({ revoked_at: rt.now() })
    .where('conversation_id', '=', conversationId)
    .where('revoked_at', 'is', null)
    .execute();
  await db
    .updateTable('deliveries')
    .set({ state: 'failed', error: NOT_SENT, updated_at: rt.now() })
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', ['held', 'pending'])
    .execute();
  await db
    .updateTable('deliveries')
    .set({ content: null })
    .where('conversation_id', '=', conversationId)
    .execute();
  await db
    .updateTable('cases')
    .set({ rating_comment: null })
    .where('conversation_id', '=', conversationId)
    .execute();
  await db
    .updateTable('conversations')
    .set({ last_message_preview: '' })
    .where('id', '=', conversationId)
    .execute();
  await db.deleteFrom('transcript_mails').where('conversation_id', '=', conversationId).execute();
};

/**
 * Who they are, on every network. An address is given up too: whoever writes from it next is a new customer, and nothing
 * says that they were here before.
 */
const wipeCustomer = async ({ db }: Tx, customerId: string): Promise<void> => {
  await db
    .updateTable('customers')
    .set({ name: null, picture_url: null, locale: null, erase_at: null })
    .where('id', '=', customerId)
    .execute();
  await db.deleteFrom('brand_users').where('customer_id', '=', customerId).execute();
  const identities = await db
    .selectFrom('identities')
    .select(['id', 'channel_id', 'external_id'])
    .where('customer_id', '=', customerId)
    .execute();
  for (const { id, channel_id, external_id } of identities) {
    await db
      .updateTable('inbound')
      .set({ payload: '{}', sender: 'erased' })
      .where('channel_id', '=', channel_id)
      .where('sender', '=', external_id)
      .where('processed_at', 'is not', null)
      .execute();
    await db
      .updateTable('identities')
      .set({ name: null, picture_url: null, external_id: `erased:${id}` })
      .where('id', '=', id)
      .execute();
  }
};

/**
 * Erases a customer: the words, files and names in their log, what is held of them beside it, and their sessions. Each
 * table that comes to hold something of a customer is wiped here. Broken off, it is begun anew, which changes nothing
 * that is done.
 */
export const eraseCustomer = async (rt: Runtime, customerId: string): Promise<void> => {
  const { conversations } = await findPerson(rt.store.db, customerId);
  for (const { id } of conversations) {
    await redactLog(rt, id);
    await forgetFilesOf(rt, id);
  }
  // Alone: it touches many addresses, devices and conversations at once, and is rare.
  await rt.store.write(async (tx) => {
    const { erase_at: dueAt } = await tx.db
      .selectFrom('customers')
      .select('erase_at')
      .where('id', '=', customerId)
      .executeTakeFirstOrThrow();
    if (dueAt === null) return;
    const person = await findPerson(tx.db, customerId);
    for (const { id } of person.conversations) {
      await wipeConversation(rt, tx, id);
      const known = conversations.find((row) => row.id === id)?.head ?? 0;
      let after: number | null = known;
      // What was said while the log was being redacted.
      while (after !== null) after = await redactBatch(tx, id, after);
      await tx.append(id, [{ type: 'erased' }]);
      tx.afterCommit(() => announce(rt, id));
    }
    for (const id of person.customerIds) await wipeCustomer(tx, id);
  });
  // What was uploaded meanwhile; nobody of theirs can upload any more.
  for (const { id } of conversations) await forgetFilesOf(rt, id);
};

/**
 * Erases the next customer whose day of grace is over.
 *
 * @returns whether there was one
 */
export const eraseNextDue = async (rt: Runtime): Promise<boolean> => {
  const row = await rt.store.db
    .selectFrom('customers')
    .select('id')
    .where('erase_at', '<=', rt.now())
    .orderBy('erase_at')
    .limit(1)
    .executeTakeFirst();
  if (!row) return false;
  await eraseCustomer(rt, row.id);
  return true;
};
