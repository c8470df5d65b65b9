import type { WorkspaceSettings } from '../config/config.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';

const RECENT_MS = 86_400_000;

/**
 * After which seq the holder of a link sees a conversation. `current`: the current (or last) case, whole. `recent`:
 * the last 24 hours. `all`: everything.
 */
export const visibleAfterFor = async (
  rt: Runtime,
  tx: Tx,
  input: { conversationId: string; visibility: WorkspaceSettings['handoffVisibility'] },
): Promise<number> => {
  if (input.visibility === 'all') return 0;
  if (input.visibility === 'recent') {
    const row = await tx.db
      .selectFrom('events')
      .select('seq')
      .where('conversation_id', '=', input.conversationId)
      .where('at', '<=', rt.now() - RECENT_MS)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.seq ?? 0;
  }
  const current = await tx.db
    .selectFrom('cases')
    .select('opened_seq')
    .where('conversation_id', '=', input.conversationId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return current ? current.opened_seq - 1 : 0;
};
