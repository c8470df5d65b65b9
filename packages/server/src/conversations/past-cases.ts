import type { ConversationEvent, PastCase } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/schema.ts';

/** Whose cases, and from where on they may be seen. */
export interface PastCases {
  conversationId: string;
  /** Nothing up to and including this seq is shown. */
  visibleAfter: number;
}

const assignments = async (
  db: Kysely<Database>,
  conversationId: string,
): Promise<{ seq: number; name: string | null }[]> => {
  const rows = await db
    .selectFrom('events')
    .select(['seq', 'body'])
    .where('conversation_id', '=', conversationId)
    .where('type', '=', 'assigned')
    .orderBy('seq')
    .execute();
  return rows.map(({ seq, body }) => {
    const event: ConversationEvent = JSON.parse(body);
    return { seq, name: event.type === 'assigned' ? (event.agent?.name ?? null) : null };
  });
};

/** The cases of which a session may see anything, the newest first. */
export const pastCases = async (
  db: Kysely<Database>,
  { conversationId, visibleAfter }: PastCases,
): Promise<PastCase[]> => {
  const [rows, assigned] = await Promise.all([
    db
      .selectFrom('cases')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .orderBy('number')
      .execute(),
    assignments(db, conversationId),
  ]);
  return rows
    .flatMap((row, index): PastCase[] => {
      const last = (rows[index + 1]?.opened_seq ?? Number.MAX_SAFE_INTEGER) - 1;
      if (last <= visibleAfter) return [];
      return [
        {
          number: row.number,
          fromSeq: Math.max(row.opened_seq, visibleAfter + 1),
          openedAt: row.opened_at,
          resolvedAt: row.resolved_at,
          agentName: assigned.findLast(({ seq }) => seq <= last)?.name ?? null,
          rating: row.rating,
          ratingComment: row.rating_comment,
        },
      ];
    })
    .reverse();
};
