import type { InboxConversation } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { secondsToNextLink } from './issue.ts';
import { isOpenTo, socialThread } from './social-thread.ts';

const PURPOSE = 'social→web';

type Handoff = InboxConversation['handoff'];

const obstacle = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<Handoff['reason']> => {
  const thread = await socialThread(rt, db, conversationId);
  if (thread === null) return 'no_social_identity';
  if (!isOpenTo('person', thread.window)) return 'window_closed';
  return (await secondsToNextLink(rt, db, { conversationId, purpose: PURPOSE })) > 0 ? 'rate_limited' : null;
};

/** Whether a link can be offered in this conversation now, if not why, and until when the last one is still live. */
export const handoffPossible = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<Handoff> => {
  const reason = await obstacle(rt, db, conversationId);
  const live = await db
    .selectFrom('handoffs')
    .select('expires_at')
    .where('conversation_id', '=', conversationId)
    .where('purpose', '=', PURPOSE)
    .where('redeemed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', rt.now())
    .executeTakeFirst();
  return { possible: reason === null, reason, liveUntil: live?.expires_at ?? null };
};
