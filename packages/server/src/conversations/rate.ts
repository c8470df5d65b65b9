import type { Actor, RateCase } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { pastCases } from './past-cases.ts';

/** How long after it was resolved a case may be rated, and its rating changed. */
const RATING_MS = 7 * 86_400_000;

/** Who rates what. */
export interface Rate {
  conversationId: string;
  visibleAfter: number;
  actor: Actor;
  rating: RateCase;
}

/**
 * Stores how a customer found a case. Another rating replaces it and is another event; the same again is none.
 *
 * @throws ContinuoError `not_found` when there is no such case, or none that the session may see; `conflict` while it is
 * open, and 7 days after it was resolved
 */
export const rateCase = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, visibleAfter, actor, rating }: Rate,
): Promise<void> => {
  const cases = await pastCases(tx.db, { conversationId, visibleAfter });
  const found = cases.find(({ number }) => number === rating.case);
  if (!found) throw new ContinuoError('not_found');
  if (found.resolvedAt === null) throw new ContinuoError('conflict', { detail: 'the case is still open' });
  if (found.resolvedAt + RATING_MS < rt.now())
    throw new ContinuoError('conflict', { detail: 'a case can be rated for 7 days after it was resolved' });
  const { score } = rating;
  const comment = rating.comment?.trim() || null;
  if (found.rating === score && found.ratingComment === comment) return;
  await tx.append(conversationId, [{ type: 'case.rated', case: found.number, score, comment, actor }]);
  await tx.db
    .updateTable('cases')
    .set({ rating: score, rating_comment: comment })
    .where('conversation_id', '=', conversationId)
    .where('number', '=', found.number)
    .execute();
  tx.afterCommit(() => announce(rt, conversationId));
};
