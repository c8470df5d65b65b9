import type { Api, Environment, PublicConnection } from '@continuo/core/conversation';
import type { AgentProfile, ConversationSummary, InboxSignal } from '@continuo/protocol';
import { atom, type ReadableAtom } from 'nanostores';
import type { AgentWithLoad, InboxApi } from '../api/inbox-api.ts';
import { followSignals } from '../api/signals.ts';
import { type Actions, createActions } from './actions.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { createListStore, type ListStore } from './list-store.ts';
import { createReceived } from './received.ts';
import { openThread, type Thread } from './thread.ts';
import { createThreads } from './threads.ts';
import { forgetTyping, noteTyping, type TypingState } from './typing.ts';

/** Everything that a signed-in agent works with. */
export interface Desk {
  readonly agentId: string;
  readonly list: ListStore;
  readonly announcer: Announcer;
  readonly actions: Actions;
  readonly $connection: ReadableAtom<PublicConnection>;
  /** Where a customer is typing. */
  readonly $typing: ReadableAtom<TypingState>;
  /** The open conversation; null while none is. */
  readonly $thread: ReadableAtom<Thread | null>;
  /** Every agent of the workspace; null until they were read. */
  readonly $agents: ReadableAtom<readonly AgentWithLoad[] | null>;
  loadAgents(): Promise<void>;
  show(conversationId: string | null): void;
  destroy(): void;
}

export interface DeskOptions {
  api: Api;
  inboxApi: InboxApi;
  environment: Environment;
  agentId: string;
  onFailure(cause: unknown): void;
  onEnded(): void;
  onAgent(agent: AgentProfile): void;
}

/** A typing mark is taken away when its time is over. */
const TYPING_CHECK_MS = 1000;

/** Whether a customer's new words in it concern this agent. */
const isNews = (before: ConversationSummary | undefined, now: ConversationSummary, agentId: string) =>
  now.lastMessage?.from === 'customer' &&
  now.lastMessage.seq > (before?.lastMessage?.seq ?? 0) &&
  now.unread > 0 &&
  now.assignee?.id === agentId;

/** The workspace's agents, read when they are asked for and kept as signals tell. */
const createAgents = (api: InboxApi, onFailure: (cause: unknown) => void) => {
  const $agents = atom<readonly AgentWithLoad[] | null>(null);
  return {
    $agents,
    async loadAgents(onError = onFailure) {
      try {
        $agents.set(await api.agents());
      } catch (cause) {
        onError(cause);
      }
    },
    agentChanged(agent: AgentProfile) {
      const agents = $agents.get();
      if (agents) $agents.set(agents.map((one) => (one.id === agent.id ? { ...one, ...agent } : one)));
    },
  };
};

/** Where a customer is typing, until it is over. */
const createTyping = (now: () => number) => {
  const $typing = atom<TypingState>({});
  const timer = setInterval(() => $typing.set(forgetTyping($typing.get(), now())), TYPING_CHECK_MS);
  return {
    $typing,
    hear: (typing: { conversationId: string; on: boolean }) =>
      $typing.set(noteTyping($typing.get(), { ...typing, now: now() })),
    stop: () => clearInterval(timer),
  };
};

interface NewsParts extends Pick<Desk, 'agentId' | 'list' | 'announcer'> {
  typing: ReturnType<typeof createTyping>;
  received: ReturnType<typeof createReceived>;
  threads: ReturnType<typeof createThreads>;
}

/** Tells all parts of the desk of a conversation that changed. */
const createNews = ({ agentId, list, announcer, typing, received, threads }: NewsParts) => {
  /** As last heard of: only what is new is announced. */
  const latest = new Map<string, ConversationSummary>();
  return (conversation: ConversationSummary): void => {
    const { id, customer, lastMessage } = conversation;
    const before = latest.get(id) ?? list.$list.get().rows.find((row) => row.id === id);
    const isNewWord = (lastMessage?.seq ?? 0) > (before?.lastMessage?.seq ?? 0);
    if (isNewWord && lastMessage?.from === 'customer') typing.hear({ conversationId: id, on: false });
    if (isNews(before, conversation, agentId)) announcer.wrote(customer.name, lastMessage?.preview ?? '');
    latest.set(id, conversation);
    received.note(conversation);
    list.changed(conversation);
    const thread = threads.$thread.get();
    if (thread?.id === id) thread.refreshSoon();
  };
};

export const createDesk = (options: DeskOptions): Desk => {
  const { api, inboxApi, environment, agentId, onFailure } = options;
  const list = createListStore(inboxApi, agentId, onFailure);
  const announcer = createAnnouncer();
  const typing = createTyping(environment.now);
  const received = createReceived(inboxApi, agentId);
  const agents = createAgents(inboxApi, onFailure);
  const threads = createThreads((id) => openThread({ api, id, agentId, environment }));
  const $connection = atom<PublicConnection>('connecting');
  const onConversation = createNews({ agentId, list, typing, announcer, received, threads });

  const onAgent = (agent: AgentProfile) => {
    for (const hear of [list.agentChanged, agents.agentChanged, options.onAgent]) hear(agent);
  };
  const onSignal = (signal: InboxSignal) => {
    if (signal.type === 'conversation') onConversation(signal.conversation);
    if (signal.type === 'typing' && signal.from === 'customer') typing.hear(signal);
    if (signal.type === 'agent') onAgent(signal.agent);
  };

  const stopSignals = followSignals({
    api,
    environment,
    onSignal,
    onOnline: () => void list.refresh(),
    onState: (state) => $connection.set(state),
    onEnded: options.onEnded,
  });
  const stopRows = list.$list.listen(({ rows }) => rows.forEach(received.note));
  void list.refresh();
  // So that a menu is whole when it opens; where this fails, opening it asks again.
  void agents.loadAgents(() => {});

  const stops = [
    stopSignals,
    stopRows,
    received.stop,
    typing.stop,
    announcer.destroy,
    list.destroy,
    threads.destroy,
  ];
  return {
    agentId,
    list,
    announcer,
    $connection,
    $typing: typing.$typing,
    ...agents,
    $thread: threads.$thread,
    actions: createActions(inboxApi, environment, onFailure),
    show: threads.show,
    destroy: () => {
      for (const stop of stops) stop();
    },
  };
};
