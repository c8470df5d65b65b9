import { type Attachment, LIMITS } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { FileTable } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import { kindOf } from './media-types.ts';

const HOUR_MS = 3_600_000;
/** Files that are about to be deleted are not sent any more: none disappears while its message is being stored. */
const SENDABLE_MS = (LIMITS.uploadHours - 1) * HOUR_MS;

/** Files that a message brings along. */
export interface FileClaim {
  /** The conversation that they were uploaded to. */
  conversationId: string;
  owner: string;
  ids: readonly string[];
}

const toAttachment = (file: FileTable): Attachment => ({
  type: kindOf(file.media_type),
  url: null,
  name: file.name,
  id: file.id,
  size: file.size,
  mimeType: file.media_type,
  ...(file.width !== null && { width: file.width }),
  ...(file.height !== null && { height: file.height }),
  ...(file.duration_ms !== null && { durationMs: file.duration_ms }),
});

/**
 * The files of a message that is about to be stored, in its order.
 * @throws ContinuoError `conflict` when one is not whole, is another message's, or is not the sender's own: all alike
 */
export const takeFiles = async (rt: Runtime, tx: Tx, claim: FileClaim): Promise<Attachment[]> => {
  const rows = await tx.db
    .selectFrom('files')
    .selectAll()
    .where('conversation_id', '=', claim.conversationId)
    .where('owner', '=', claim.owner)
    .where('id', 'in', claim.ids)
    .where('seq', 'is', null)
    .where('updated_at', '>', rt.now() - SENDABLE_MS)
    .execute();
  const whole = new Map(rows.filter(({ received, size }) => received === size).map((row) => [row.id, row]));
  return claim.ids.map((id) => {
    const file = whole.get(id);
    if (!file) throw new ContinuoError('conflict', { detail: `There is no whole upload ${id} to send` });
    return toAttachment(file);
  });
};

/** They belong to this message from now on, in the conversation where it is. */
export const giveFiles = async (
  tx: Tx,
  claim: FileClaim,
  message: { conversationId: string; seq: number },
): Promise<void> => {
  await tx.db
    .updateTable('files')
    .set({ seq: message.seq, conversation_id: message.conversationId })
    .where('conversation_id', '=', claim.conversationId)
    .where('id', 'in', claim.ids)
    .execute();
};
