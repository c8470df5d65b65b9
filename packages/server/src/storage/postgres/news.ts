import type { ConversationEvent } from '@continuo/protocol';
import { warn } from '../units.ts';
import { endInTime } from './connection.ts';
import { keepConnection } from './kept.ts';
import type { PostgresOptions } from './options.ts';
import { createOutgoing } from './outgoing.ts';
import { packPointers } from './payloads.ts';

/** Milliseconds between two signs of life of the connection. */
const CHECK_INTERVAL = 5000;

/** What the store tells the other nodes of. */
export interface News {
  /** Pointers to what a commit appended, of all conversations in one message. */
  tell(appended: ReadonlyMap<string, readonly ConversationEvent[]>): void;
  close(): Promise<void>;
}

const createTell =
  (post: (message: string) => void): News['tell'] =>
  (appended) => {
    const pointers = [...appended].flatMap(([id, events]) => {
      const [first, last] = [events.at(0), events.at(-1)];
      return first && last ? [[id, first.seq, last.seq] as const] : [];
    });
    if (pointers.length > 0) for (const message of packPointers(pointers)) post(message);
  };

/**
 * Tells after the commit, through the node's bus or on a connection of its own. Inside the transaction NOTIFY would keep the
 * order of commits by a lock on the whole database, held while the disk syncs: with 4 connections that write, a third of
 * the commits were measured. A node that dies between the two leaves untold what readers find with their next heartbeat.
 */
export const openNews = async ({ url, nodeId, post, onError = warn }: PostgresOptions): Promise<News> => {
  if (post) return { tell: createTell(post), close: async () => {} };
  const kept = await keepConnection({
    url,
    checkInterval: CHECK_INTERVAL,
    onError,
    onBack: () => outgoing.pump(),
  });
  const outgoing = createOutgoing({ nodeId, find: kept.find, onError });
  return {
    tell: createTell(outgoing.post),
    async close() {
      await endInTime(outgoing.idle());
      await kept.close();
    },
  };
};
