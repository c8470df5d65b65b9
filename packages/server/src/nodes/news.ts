import { type ConversationEvent, LIMITS } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { NodeMessageOf } from './messages.ts';

/** Conversations read at the same time: the pool serves others too. */
const LANES = 4;
/** Heads in one query. */
const HEADS = 500;

type NewsRuntime = Pick<Runtime, 'store' | 'hub' | 'log' | 'metrics'>;

/** What other nodes committed, for this node's readers. */
export interface News {
  /** Another node appended: rows that somebody here reads are read once for all of them. */
  take(pointers: NodeMessageOf<'appended'>['pointers']): void;
  /** Compares how far the readers here are with the logs, and lets those catch up who missed something. */
  checkHeads(): Promise<void>;
  /** Resolves when nothing is being read. */
  idle(): Promise<void>;
}

/** Publishes what lies between two seqs. */
const publishRange = async (
  { store, hub }: NewsRuntime,
  conversationId: string,
  { after, last }: { after: number; last: number },
): Promise<void> => {
  let from = after;
  while (from < last && hub.here.hasReaders(conversationId)) {
    const page = await store.readAfter(conversationId, from, Math.min(last - from, LIMITS.pageSize));
    if (!page || page.bodies.length === 0) return;
    const events = page.bodies.map((body): ConversationEvent => JSON.parse(body));
    hub.publishEvents(conversationId, events);
    from = page.last;
  }
};

/** Other nodes' news. The pointers only say where to look; what is told are the rows. */
export const createNews = (rt: NewsRuntime): News => {
  /** What is to be read, by conversation: pointers that come while others are read are one reading. */
  const waiting = new Map<string, { after: number; last: number }>();
  const underWay = new Map<string, Promise<void>>();

  const next = (): string | undefined => {
    for (const id of waiting.keys()) if (!underWay.has(id)) return id;
    return undefined;
  };

  const read = async (conversationId: string): Promise<void> => {
    const range = waiting.get(conversationId);
    waiting.delete(conversationId);
    try {
      if (range) await publishRange(rt, conversationId, range);
    } catch (error) {
      rt.log.error({ err: error }, "reading another node's news failed: the next heartbeat makes up for it");
    }
    underWay.delete(conversationId);
    work();
  };

  const work = (): void => {
    for (let id = next(); id !== undefined && underWay.size < LANES; id = next()) underWay.set(id, read(id));
  };

  return {
    take(pointers) {
      for (const [id, first, last] of pointers) {
        if (!rt.hub.here.hasReaders(id)) continue;
        const known = waiting.get(id);
        const after = Math.min(known?.after ?? first - 1, first - 1);
        waiting.set(id, { after, last: Math.max(known?.last ?? last, last) });
      }
      work();
    },
    async checkHeads() {
      const watched = rt.hub.watched();
      for (let from = 0; from < watched.length; from += HEADS) {
        const heads = await rt.store.readHeads(watched.slice(from, from + HEADS));
        for (const [id, head] of heads) {
          const behind = rt.hub.tellHead(id, head);
          if (behind > 0) rt.metrics.increment('continuo_news_made_up_for_total', {}, behind);
        }
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
};
