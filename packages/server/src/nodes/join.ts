import { LIMITS } from '@continuo/protocol';
import { agentPresenceHere } from '../conversations/agent-presence.ts';
import { agentProfile } from '../conversations/profile.ts';
import { positionsOf } from '../conversations/signals.ts';
import type { Runtime } from '../runtime.ts';
import { IDS } from './elsewhere.ts';
import { hear } from './hear.ts';
import { type NodeMessage, type NodeMessageOf, parseNodeMessage } from './messages.ts';
import { createNews, type News } from './news.ts';
import { ALIVE_SECONDS } from './peers.ts';

/** This node among the others of its database. */
export interface Membership {
  /** Says goodbye: others let those who are connected here count for as long as they may need to come back elsewhere. */
  leave(): void;
  /** Stops listening, and waits for what is under way. */
  close(): Promise<void>;
}

/** Milliseconds within which inboxes come back to read their lists anew, after news of them may have been lost. */
const BACK_WITHIN_MS = 2000;
/** Conversations in one query. */
const LOOKUP = 500;

/** Agents in one message: their ids come with their workspaces'. */
const AGENTS = 40;

const parts = <T>(all: readonly T[], size: number): T[][] => {
  const found: T[][] = [];
  for (let from = 0; from < all.length; from += size) found.push(all.slice(from, from + size));
  return found;
};

type State = NodeMessageOf<'state'>;

/** Tells one node, or everyone, who is connected here. */
const sendState = ({ bus, hub, presence }: Runtime, to: string): void => {
  const { web, hidden } = presence.here();
  const send = (part: Partial<State>): void => {
    const message: State = { type: 'state', to, web: [], hidden: [], agents: [], last: false, ...part };
    bus.send(message);
  };
  for (const part of parts(hidden, IDS)) send({ hidden: part });
  for (const part of parts(web, IDS)) send({ web: part });
  for (const part of parts(hub.here.connectedAgents(), AGENTS)) send({ agents: part });
  send({ last: true });
};

const EVERYONE = '*';

/** Signals may have been lost: everyone here is told how things stand now. */
const retell = async (rt: Runtime): Promise<void> => {
  const { hub, store } = rt;
  hub.streams.drainKind('inbox', BACK_WITHIN_MS);
  const watched = hub.watched();
  for (let from = 0; from < watched.length; from += LOOKUP) {
    const ids = watched.slice(from, from + LOOKUP);
    const rows = await store.db
      .selectFrom('conversations')
      .select(['id', 'assignee_id', 'customer_received', 'customer_read', 'agent_received', 'agent_read'])
      .where('id', 'in', ids)
      .execute();
    const agentIds = rows.flatMap(({ assignee_id }) => assignee_id ?? []);
    const agents =
      agentIds.length === 0
        ? []
        : await store.db.selectFrom('agents').selectAll().where('id', 'in', agentIds).execute();
    for (const row of rows) {
      const agent = agents.find(({ id }) => id === row.assignee_id);
      hub.here.signal(row.id, { type: 'positions', positions: positionsOf(row) }, 'all');
      hub.here.signal(row.id, { type: 'assignee', agent: agent ? agentProfile(rt, agent) : null }, 'all');
    }
  }
};

/** Runs in the background; what fails is logged and nothing more: all of this is made up for by later news. */
const createBackground = ({ log }: Pick<Runtime, 'log'>) => {
  const underWay = new Set<Promise<void>>();
  return {
    run(work: () => Promise<void>): void {
      const job = work()
        .catch((error: unknown) => log.error({ err: error }, "another node's news could not be told"))
        .finally(() => underWay.delete(job));
      underWay.add(job);
    },
    async idle(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};

type Background = ReturnType<typeof createBackground>;

/** Hears the other nodes. */
const createListener = (rt: Runtime, news: News, background: Background) => {
  const { bus, peers, presence } = rt;
  /** What others know of hidden pages is news only to a node that has just begun. */
  let isFresh = true;

  /** Whoever is heard for the first time is told who is connected here, and asked the same. */
  const greet = (from: string, { type }: NodeMessage): void => {
    const isNew = peers.heard(from);
    if (isNew || type === 'hello') sendState(rt, from);
    if (isNew && type !== 'hello' && type !== 'state') bus.send({ type: 'hello' });
  };

  const takeState = (from: string, state: State): void => {
    if (state.to !== bus.nodeId && state.to !== EVERYONE) return;
    if (isFresh) for (const sessionId of state.hidden) presence.noteHidden(sessionId);
    peers.take(from, state, state.last);
  };

  const take = (from: string, message: NodeMessage): void => {
    switch (message.type) {
      case 'hello':
      case 'alive':
        break;
      case 'bye':
        peers.leave(from);
        break;
      case 'appended':
        news.take(message.pointers);
        break;
      case 'state':
        takeState(from, message);
        break;
      default:
        background.run(() => hear(rt, from, message));
    }
  };

  return {
    settle(): void {
      isFresh = false;
    },
    onMessage(unread: unknown, from: string): void {
      const message = parseNodeMessage(unread);
      if (message === null) return;
      // Commands append too, and are no nodes.
      if (message.type !== 'appended' && message.type !== 'bye') greet(from, message);
      take(from, message);
    },
    onGap(): void {
      rt.metrics.increment('continuo_news_gaps_total');
      bus.send({ type: 'hello' });
      sendState(rt, EVERYONE);
      background.run(() => news.checkHeads());
      background.run(() => retell(rt));
    },
  };
};

/**
 * Makes this process a node: it hears what others commit and say, tells them who is connected here, and is forgotten by
 * them when it stops. On the embedded engine nobody speaks, and all of this is quiet.
 */
export const joinNodes = (rt: Runtime): Membership => {
  const { bus, peers, presence } = rt;
  const news = createNews(rt);
  const background = createBackground(rt);
  const listener = createListener(rt, news, background);
  let left = false;

  peers.listen({
    onWeb: (conversationId) => presence.review(conversationId),
    onAgent: ({ agentId }) => background.run(() => agentPresenceHere(rt, agentId)),
  });
  const unlisten = bus.listen(listener);
  bus.send({ type: 'hello' });
  const signs = setInterval(() => {
    listener.settle();
    bus.send({ type: 'alive' });
    peers.tick();
  }, ALIVE_SECONDS * 1000).unref();
  const heads = setInterval(() => {
    background.run(() => news.checkHeads());
  }, LIMITS.heartbeatSeconds * 1000).unref();

  return {
    leave() {
      clearInterval(signs);
      if (!left) bus.send({ type: 'bye' });
      left = true;
    },
    async close() {
      clearInterval(heads);
      unlisten();
      await news.idle();
      await background.idle();
    },
  };
};
