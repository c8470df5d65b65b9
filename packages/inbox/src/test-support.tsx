import type { Api, Environment, Page, RequestOptions } from '@continuo/core/conversation';
import { ContinuoError } from '@continuo/core/conversation';
import type {
  ConversationEvent,
  ConversationSummary,
  ErrorCode,
  InboxSignal,
  Signal,
} from '@continuo/protocol';
import { configure, render } from '@testing-library/preact';
import { createInbox, type Inbox } from './state/inbox.ts';
import { message, NOON, OMID, SARA, summaryOf, viewOf } from './test-fixtures.ts';
import { App } from './views/App.tsx';
import { InboxContext } from './views/context.ts';

/** A busy machine takes its time. */
configure({ asyncUtilTimeout: 10_000 });

/*
 * A server in memory, and the whole inbox on top of it. Tests tell it what happened and look at what an agent sees.
 */

interface Call {
  method: string;
  path: string;
  json: unknown;
}

type Stream = ReadableStreamDefaultController<Uint8Array>;

const SIGNALS = '/v1/inbox/signals';
const CONVERSATION = /^\/v1\/inbox\/conversations\/([^/]+)(?:\/(.+))?$/;

/** What a server knows and was asked. Change its fields to tell what happened elsewhere. */
export class FakeServer {
  signedIn = true;
  agent = SARA;
  agents = [
    { ...SARA, openConversations: 3 },
    { ...OMID, openConversations: 1 },
  ];
  summaries: ConversationSummary[] = [summaryOf()];
  cursor: string | null = null;
  view = viewOf();
  events: ConversationEvent[] = [];
  /** The error that each path ends with, by the end of the path. */
  failing = new Map<string, ErrorCode | 'network'>();
  calls: Call[] = [];
  #streams = new Map<string, Set<Stream>>();
  onError: (error: ContinuoError) => boolean = () => false;

  readonly api: Api = {
    get: (path, options) => this.api.call('get', path, options),
    post: (path, json, options) => this.api.call('post', path, { ...options, json }),
    call: async <T,>(method: string, path: string, options: RequestOptions = {}): Promise<T> => {
      this.calls.push({ method, path, json: options.json });
      this.#refuse(path);
      if (options.blob) return Object(new Blob(['bytes']));
      // What a server answers is JSON: a copy, so that nothing is shared by accident.
      const answer = JSON.stringify(this.#answer(path, options) ?? null);
      return JSON.parse(answer);
    },
    stream: async (path, { signal } = {}) => {
      this.#refuse(path);
      const streams = this.#streams.get(path) ?? new Set();
      this.#streams.set(path, streams);
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => {
          streams.add(stream);
          signal?.addEventListener('abort', () => {
            streams.delete(stream);
            stream.error(signal.reason);
          });
        },
      });
      return new Response(body);
    },
  };

  #fail(code: ErrorCode | 'network', status?: number): never {
    const error = new ContinuoError(code, status === undefined ? {} : { status });
    this.onError(error);
    throw error;
  }

  #refuse(path: string) {
    const code = [...this.failing].find(([end]) => path.endsWith(end))?.[1];
    if (code) this.#fail(code, code === 'network' ? undefined : 409);
    if (!this.signedIn && !path.startsWith('/v1/auth')) this.#fail('unauthorized', 401);
  }

  #answer(path: string, { json, search }: RequestOptions): unknown {
    if (path === '/v1/auth/sign-in/email') return this.#signIn(json);
    if (path === '/v1/inbox/me') {
      const workspace = { id: 'w', name: 'Aurora Coffee' };
      return { agent: this.agent, email: 'sara@aurora.example', workspace };
    }
    if (path === '/v1/inbox/agents') return { agents: this.agents };
    if (path === '/v1/inbox/conversations') return this.#list(search ?? {});
    const [, id, part] = CONVERSATION.exec(path) ?? [];
    if (id !== undefined && id !== this.view.summary.id) this.#fail('not_found', 404);
    if (id !== undefined && part === undefined) return this.view;
    if (part === 'history') return { events: this.events, more: false };
    if (part === 'messages') return { event: this.#store(json) };
    return undefined;
  }

  #signIn(json: unknown) {
    const isRight = JSON.stringify(json).includes('"password":"right"');
    if (!isRight) this.#fail('unauthorized', 401);
    this.signedIn = true;
  }

  #list({ view, status }: Record<string, string>) {
    const open = this.summaries.filter((one) => one.status === 'open');
    const mine = (one: ConversationSummary) => one.assignee?.id === this.agent.id;
    const waiting = (one: ConversationSummary) => one.assignee === null;
    const isShown = view === 'mine' ? mine : view === 'waiting' ? waiting : () => true;
    return {
      conversations: this.summaries.filter((one) => one.status === status && isShown(one)),
      cursor: this.cursor,
      counts: { mine: open.filter(mine).length, waiting: open.filter(waiting).length, all: open.length },
    };
  }

  #store(json: unknown) {
    const isMessage = typeof json === 'object' && json !== null && 'text' in json && 'clientId' in json;
    if (!isMessage) this.#fail('bad_request', 400);
    const event = message(this.events.length + 1, String(json.text), {
      agent: this.agent,
      clientId: String(json.clientId),
      at: NOON,
    });
    this.events.push(event);
    return event;
  }

  #write(path: string, frame: string) {
    for (const stream of this.#streams.get(path) ?? []) stream.enqueue(new TextEncoder().encode(frame));
  }

  /** The open streams at a path. */
  readers(path: string): number {
    return this.#streams.get(path)?.size ?? 0;
  }

  /** Breaks every stream, as a restart does. */
  drop() {
    for (const streams of this.#streams.values()) {
      for (const stream of streams) stream.close();
      streams.clear();
    }
  }

  signalInbox(signal: InboxSignal) {
    this.#write(SIGNALS, `event: signal\ndata: ${JSON.stringify(signal)}\n\n`);
  }

  signal(signal: Signal) {
    this.#write(this.#eventsPath(), `event: signal\ndata: ${JSON.stringify(signal)}\n\n`);
  }

  /** Something new is in the open conversation's log. */
  append(event: ConversationEvent) {
    this.events.push(event);
    this.#write(this.#eventsPath(), `event: data\ndata: ${JSON.stringify([event])}\n\n`);
  }

  #eventsPath = () => `/v1/inbox/conversations/${this.view.summary.id}/events`;

  /** What was asked for with a path that ends like this, newest last. */
  asked(end: string): Call[] {
    return this.calls.filter(({ path }) => path.endsWith(end));
  }
}

const silentPage: Page = { isVisible: () => true, listen: () => () => {} };

const createMemory = (): Environment['storage'] => {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key),
    list: async (prefix) => [...values].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value),
    add: async (key, value) => values.get(key) ?? values.set(key, value).get(key),
    set: async (key, value) => {
      values.set(key, value);
    },
    delete: async (key) => {
      values.delete(key);
    },
  };
};

/** The outside world of a test: it is noon, nothing is random, and the page has no news unless `page` gives some. */
export const environmentOf = (change: Partial<Environment> = {}): Environment => ({
  fetch: () => Promise.reject(new Error('No request may leave a test')),
  crypto: globalThis.crypto,
  storage: createMemory(),
  page: silentPage,
  now: () => NOON,
  random: () => 0,
  ...change,
});

const inboxes: Inbox[] = [];

/** Opens the inbox on a server in memory. `languages`: the browser's. */
export const openInbox = (server: FakeServer, languages: readonly string[] = ['en']): Inbox => {
  const { location, localStorage, sessionStorage } = window;
  const inbox = createInbox({
    createApi: (onError) => {
      server.onError = onError;
      return server.api;
    },
    environment: environmentOf(),
    page: {
      location,
      localStorage,
      sessionStorage,
      navigator: { ...navigator, languages },
      addEventListener: window.addEventListener.bind(window),
      removeEventListener: window.removeEventListener.bind(window),
    },
  });
  inboxes.push(inbox);
  return inbox;
};

/** Opens the inbox and shows it. */
export const showInbox = (server: FakeServer, languages?: readonly string[]): Inbox => {
  const inbox = openInbox(server, languages);
  render(
    <InboxContext.Provider value={inbox}>
      <App />
    </InboxContext.Provider>,
  );
  return inbox;
};

/** Puts everything back as it was before a test. */
export const closeInboxes = (): void => {
  for (const inbox of inboxes.splice(0)) inbox.destroy();
  window.location.hash = '';
  localStorage.clear();
  sessionStorage.clear();
};
