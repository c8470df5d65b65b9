import { LIMITS } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { FileTable } from '../storage/schema.ts';
import { choreScope, conversationScope } from '../storage/scopes.ts';
import { chunkCount, chunkId } from './uploads.ts';

const HOUR_MS = 3_600_000;
/** Files forgotten in one go: each is up to 80 chunks. */
const BATCH = 20;

const deleteBytes = async (rt: Runtime, file: FileTable): Promise<void> => {
  // The chunk after the last may lie there uncounted.
  const chunks = Math.min(chunkCount(file.size), chunkCount(file.received) + 1);
  for (let index = 0; index < chunks; index += 1) await rt.files.delete(chunkId(file, index));
};

/** Deletes every file of a conversation, sent or not, bytes first. */
export const forgetFilesOf = async (rt: Runtime, conversationId: string): Promise<void> => {
  const files = await rt.store.db
    .selectFrom('files')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .execute();
  for (const file of files) {
    await deleteBytes(rt, file);
    await rt.store.write(async ({ db }) => {
      await db
        .deleteFrom('files')
        .where('conversation_id', '=', conversationId)
        .where('id', '=', file.id)
        .execute();
    }, conversationScope(conversationId));
  }
};

/**
 * Deletes uploads that no message took within a day: first their bytes, so that none is left that no row names.
 * @returns whether more may be left
 */
export const forgetUploads = async (rt: Runtime): Promise<boolean> => {
  const before = rt.now() - LIMITS.uploadHours * HOUR_MS;
  const old = await rt.store.db
    .selectFrom('files')
    .selectAll()
    .where('seq', 'is', null)
    .where('updated_at', '<', before)
    .limit(BATCH)
    .execute();
  for (const file of old) await deleteBytes(rt, file);
  if (old.length === 0) return false;
  await rt.store.write(async ({ db }) => {
    for (const { conversation_id, id } of old)
      await db
        .deleteFrom('files')
        .where('conversation_id', '=', conversation_id)
        .where('id', '=', id)
        .where('seq', 'is', null)
        .where('updated_at', '<', before)
        .execute();
  }, choreScope('forget uploads'));
  return old.length === BATCH;
};
