import type { Client, RequestOptions } from '@continuo/core';
import { atom } from 'nanostores';
import type {
  AgentProfile,
  Connection,
  Conversation,
  ConversationEvent,
  HandoffPeek,
  Session,
  WebChannel,
} from '../view/model.ts';
import { AGENT, createFakeLog, NOON } from './fake-log.ts';

export { AGENT, MESSENGER, NOON, WEB } from './fake-log.ts';

export const SARA: AgentProfile = { id: AGENT.id, name: AGENT.name, pictureUrl: null, status: 'online' };

export const PEEK: HandoffPeek = {
  state: 'live',
  channel: { kind: 'messenger', name: 'Acme' },
  workspace: { name: 'Acme' },
  maskedName: 'A•••a',
  agent: { name: 'Sara', pictureUrl: null },
  expiresAt: NOON + 1_800_000,
  joinRequired: false,
};

const OPEN: Conversation = {
  id: 'conversation',
  head: 0,
  visibleAfter: 0,
  case: { number: 1, status: 'open' },
  assignee: SARA,
  queuePosition: null,
  positions: { customerReceived: 0, customerRead: 0, agentRead: 0 },
};

const NOBODY = { customer: { id: 'customer', name: null } };

const createStores = () => ({
  $session: atom<Session>('none'),
  $connection: atom<Connection>('idle'),
  $conversation: atom<Conversation | null>(null),
  $hasEarlier: atom(false),
  $agent: atom<AgentProfile | null>(null),
  $typing: atom<AgentProfile | null>(null),
  $positions: atom(OPEN.positions),
  $unread: atom(0),
  $draft: atom(''),
  $channel: atom<WebChannel | null>({ channelKey: 'web_1', workspace: { name: 'Acme' }, online: true }),
});

/** Notes calls, and answers them as the test says. */
const createAnswers = () => {
  const calls: Partial<Record<string, unknown[][]>> = {};
  const replies = new Map<string, () => Promise<unknown>>();
  const note = (name: string, ...args: unknown[]) => {
    calls[name] = [...(calls[name] ?? []), args];
  };
  const answer = async (name: string, ...args: unknown[]): Promise<void> => {
    note(name, ...args);
    await replies.get(name)?.();
  };
  /** Answers `post rating` with what a test gave for that. */
  const respond = async (method: string, what: string, options?: RequestOptions): Promise<unknown> => {
    note('request', method, what, options?.json);
    return replies.get(`${method} ${what}`)?.();
  };
  return { calls, replies, note, answer, respond };
};

const isFromOther = (event: ConversationEvent): boolean =>
  event.type === 'message' && event.author.kind !== 'customer';

/** A client without a server: what the widget calls is noted in `calls`, and a test says what happens. */
export const createFakeClient = () => {
  const { calls, replies, note, answer, respond } = createAnswers();
  const stores = createStores();
  const hearers = new Set<(event: ConversationEvent) => void>();
  const log = createFakeLog((event) => {
    for (const hear of hearers) hear(event);
  });
  const peek = { ...PEEK };

  const client: Client = {
    ...stores,
    $messages: log.$messages,
    open: () => answer('open'),
    send: (text, attachments, extras) => {
      note('send', text, ...(attachments ? [attachments] : []), ...(extras ? [extras] : []));
      const clientId = `client-${calls.send?.length}`;
      log.pending(clientId, text, 'sending');
      return clientId;
    },
    setDraft: (text) => stores.$draft.set(text),
    retry: (clientId) => note('retry', clientId),
    discard: (clientId) => note('discard', clientId),
    typing: () => note('typing'),
    markRead: () => note('markRead'),
    setVisible: (visible) => note('setVisible', visible),
    loadEarlier: () => answer('loadEarlier').then(() => false),
    choose: (choice) => answer('choose', choice),
    handoff: {
      peek: (token) => answer('peek', token).then(() => peek),
      redeem: (token, options) => answer('redeem', token, options),
      decline: (token) => answer('decline', token),
      renew: (token) => answer('renew', token),
    },
    request: (...asked) => Reflect.apply(respond, undefined, asked),
    identify: (identity) => answer('identify', identity).then(() => NOBODY),
    logout: () => answer('logout'),
    on: (name, listener) => {
      const hear = (event: ConversationEvent) => {
        if (name === 'event' || (name === 'message' && isFromOther(event)))
          Reflect.apply(listener, undefined, [{ event }]);
      };
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
    destroy: () => note('destroy'),
  };
  return {
    client,
    calls,
    ...stores,
    ...log,
    /** What the next calls of `name` do before they answer: throw, or wait. */
    on: (name: string, reply: () => Promise<unknown>) => void replies.set(name, reply),
    peekIs: (next: Partial<HandoffPeek>) => void Object.assign(peek, PEEK, next),
    /** An open conversation with Sara. */
    begin: (extra: Partial<Conversation> = {}) => {
      stores.$session.set('open');
      stores.$connection.set('online');
      stores.$agent.set(extra.assignee === undefined ? SARA : extra.assignee);
      stores.$conversation.set({ ...OPEN, ...extra });
    },
  };
};

export type FakeClient = ReturnType<typeof createFakeClient>;
