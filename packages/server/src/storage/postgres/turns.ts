import type { Outcome } from '../units.ts';

/** A batch among those that run at the same time. */
export interface Turn {
  /** Notes what a unit of it appended, before its commit. */
  note(outcome: Outcome): void;
  /** Resolves when every batch that appended to the same conversations before it has been told of. */
  come(): Promise<void>;
  /** It has been told of, or came to nothing. */
  end(): void;
}

/**
 * Keeps news in the order of each log. A batch that comes later to a conversation has waited for the earlier one's
 * commit, but the answer to that commit may still be on its way, on another connection.
 */
export const createTurns = (): { start(): Turn } => {
  const running = new Map<Turn, { seqs: Map<string, number>; ended: Promise<void> }>();
  return {
    start() {
      const seqs = new Map<string, number>();
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const isBefore = (other: ReadonlyMap<string, number>): boolean =>
        [...seqs].some(([id, seq]) => (other.get(id) ?? Number.POSITIVE_INFINITY) < seq);
      const turn: Turn = {
        note({ appended }) {
          for (const { conversationId, events } of appended) {
            const last = events.at(-1);
            if (last) seqs.set(conversationId, Math.max(last.seq, seqs.get(conversationId) ?? 0));
          }
        },
        async come() {
          const earlier = [...running.values()].filter((other) => isBefore(other.seqs));
          if (earlier.length > 0) await Promise.all(earlier.map((other) => other.ended));
        },
        end() {
          running.delete(turn);
          resolve();
        },
      };
      running.set(turn, { seqs, ended });
      return turn;
    },
  };
};
