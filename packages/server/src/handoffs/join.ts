import { announce } from '../conversations/announce.ts';
import { resolveCase } from '../conversations/resolve.ts';
import { moveUser } from '../identity/brand-users.ts';
import type { Runtime } from '../runtime.ts';
import { endSessionsOf } from '../sessions/sessions.ts';
import type { Tx } from '../storage/store.ts';

/** Gives a web identity to the customer that a handoff leads to. */
export const moveIdentity = async (
  tx: Tx,
  input: { identityId: string; customerId: string; handoffId: string },
): Promise<void> => {
  await tx.db
    .updateTable('identities')
    .set({ customer_id: input.customerId, handoff_id: input.handoffId })
    .where('id', '=', input.identityId)
    .execute();
};

const customersOf = async (
  tx: Tx,
  { from, into }: { from: string; into: string },
): Promise<{ from: string; into: string }> => {
  const rows = await tx.db
    .selectFrom('conversations')
    .select(['id', 'customer_id'])
    .where('id', 'in', [from, into])
    .execute();
  const customerOf = (id: string): string => rows.find((row) => row.id === id)?.customer_id ?? '';
  return { from: customerOf(from), into: customerOf(into) };
};

/**
 * Joins a device's own conversation into another: each log gets an event that points to the other, nothing is
 * renumbered, the open case of the first is resolved, its sessions end, and the brand's user goes along.
 */
export const joinConversation = async (
  rt: Runtime,
  tx: Tx,
  input: { from: string; into: string },
): Promise<void> => {
  const { status } = await tx.db
    .selectFrom('conversations')
    .select('status')
    .where('id', '=', input.from)
    .executeTakeFirstOrThrow();
  if (status === 'open') {
    await resolveCase(rt, tx, {
      conversationId: input.from,
      actor: { kind: 'system', id: null, name: null },
    });
  }
  await tx.append(input.from, [{ type: 'joined', conversationId: input.into, direction: 'into' }]);
  await tx.append(input.into, [{ type: 'joined', conversationId: input.from, direction: 'from' }]);
  await tx.db
    .updateTable('conversations')
    .set({ joined_into: input.into })
    .where('id', '=', input.from)
    .execute();
  await moveUser(tx, await customersOf(tx, input));
  await endSessionsOf(rt, tx, { conversationId: input.from });
  tx.afterCommit(() => announce(rt, input.from));
  tx.afterCommit(() => announce(rt, input.into));
};
