import type { ConversationSummary } from '@continuo/protocol';
import type { InboxApi } from '../api/inbox-api.ts';

/** What arrives within this time in one conversation is told at once. */
const AFTER_MS = 300;

/**
 * Tells customers that what they wrote has reached their agent. A lost receipt is made up for by the next, and by the
 * agent's reading.
 */
export const createReceived = (api: Pick<InboxApi, 'received'>, agentId: string) => {
  const told = new Map<string, number>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const tell = (id: string) => {
    timers.delete(id);
    const seq = told.get(id) ?? 0;
    api.received(id, seq).catch(() => {
      if (told.get(id) === seq) told.delete(id);
    });
  };
  return {
    /** To be called with each conversation as it is now. */
    note({ id, assignee, lastMessage, unread }: ConversationSummary): void {
      const isOurs = assignee?.id === agentId && lastMessage?.from === 'customer' && unread > 0;
      if (!isOurs || lastMessage.seq <= (told.get(id) ?? 0)) return;
      told.set(id, lastMessage.seq);
      if (!timers.has(id)) timers.set(id, setTimeout(tell, AFTER_MS, id));
    },
    stop: (): void => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
};
