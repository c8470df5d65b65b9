import type { Actor } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { announce } from '../conversations/announce.ts';
import { loadConversation } from '../conversations/rows.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';

/**
 * How long an erasure can be taken back. Whoever holds a session may ask for one, and a link may have been passed on: the
 * customer and the agent see what was asked for, and have a day to say no.
 */
const GRACE_MS = 24 * 3_600_000;

/** When everything of a customer is going to be erased; nothing where nobody asked for that. */
export const erasureOf = async (db: Kysely<Database>, customerId: string): Promise<{ eraseAt?: number }> => {
  const row = await db
    .selectFrom('customers')
    .select('erase_at')
    .where('id', '=', customerId)
    .executeTakeFirst();
  return row && row.erase_at !== null ? { eraseAt: row.erase_at } : {};
};

/** Whose erasure, and who acts. */
export interface ErasureAct {
  conversationId: string;
  actor: Actor;
}

const setDue = async (tx: Tx, customerId: string, eraseAt: number | null): Promise<void> => {
  await tx.db.updateTable('customers').set({ erase_at: eraseAt }).where('id', '=', customerId).execute();
};

/**
 * Has everything of a conversation's customer erased, a day from now. Asked for twice it stays with the first time.
 *
 * @returns when it is due, epoch ms
 */
export const requestErasure = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, actor }: ErasureAct,
): Promise<number> => {
  const row = await loadConversation(tx.db, conversationId);
  const { eraseAt } = await erasureOf(tx.db, row.customer_id);
  if (eraseAt !== undefined) return eraseAt;
  const dueAt = rt.now() + GRACE_MS;
  await setDue(tx, row.customer_id, dueAt);
  await tx.append(row.id, [{ type: 'erasure.requested', actor, dueAt }]);
  tx.afterCommit(() => announce(rt, row.id));
  return dueAt;
};

/**
 * Takes it back. Nothing happens where nobody asked for it.
 *
 * @throws ContinuoError `conflict` once it is due: it may have begun
 */
export const cancelErasure = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, actor }: ErasureAct,
): Promise<void> => {
  const row = await loadConversation(tx.db, conversationId);
  const { eraseAt } = await erasureOf(tx.db, row.customer_id);
  if (eraseAt === undefined) return;
  if (eraseAt <= rt.now()) throw new ContinuoError('conflict', { detail: 'the erasure has begun' });
  await setDue(tx, row.customer_id, null);
  await tx.append(row.id, [{ type: 'erasure.cancelled', actor }]);
  tx.afterCommit(() => announce(rt, row.id));
};
