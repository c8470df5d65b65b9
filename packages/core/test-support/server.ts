import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConversationEvent, EventDraft, MessageEvent, Problem, Signal } from '@continuo/protocol';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

/** A request as the server heard it. */
export interface Heard {
  method: string;
  path: string;
  search: URLSearchParams;
  json: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  /** The proof's claims; its signature was right and it was not used before. */
  proof: Record<string, unknown> | null;
}

/** Answers instead of the server; `false` leaves it to the server. */
export type Interceptor = (heard: Heard, response: ServerResponse) => boolean;

const reply = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Refuses with a problem document. */
export const problem = (response: ServerResponse, code: Problem['code'], more: Partial<Problem>) =>
  reply(response, more.status ?? 400, { type: '', title: code, code, ...more });

const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const createState = () => ({
  url: '',
  log: [] as ConversationEvent[],
  requests: [] as Heard[],
  streams: new Set<ServerResponse>(),
  /** Long polls that wait. */
  polls: new Set<() => void>(),
  /** Thumbprints of the keys that proved something. */
  keys: new Set<string>(),
  proofs: new Set<unknown>(),
  tokens: 0,
  intercept: (() => false) as Interceptor,
  visibleAfter: 0,
  positions: { customerReceived: 0, customerRead: 0, agentRead: 0 },
  /** What reaches streams; the rest can only be fetched. */
  carries: (_event: ConversationEvent): boolean => true,
});
type State = ReturnType<typeof createState>;

const deliver = ({ streams }: State, events: ConversationEvent[]) => {
  for (const stream of streams) stream.write(frame('data', events));
};

const append = (state: State, draft: EventDraft): ConversationEvent => {
  const event: ConversationEvent = { ...draft, seq: state.log.length + 1, at: Date.now() };
  state.log.push(event);
  if (state.carries(event)) deliver(state, [event]);
  for (const wake of state.polls) wake();
  return event;
};

const say = (state: State, text: string, message: Partial<MessageEvent>) =>
  append(state, {
    type: 'message',
    author: { kind: 'agent', id: 'agt_1', name: 'Ines' },
    clientId: null,
    text,
    attachments: [],
    channel: { id: 'chn_1', kind: 'web', name: 'Web' },
    ...message,
  });

const verify = async (state: State, proof: string | string[] | undefined) => {
  if (typeof proof !== 'string') return null;
  const options = { typ: 'dpop+jwt', algorithms: ['ES256'] };
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, options);
  if (state.proofs.has(payload.jti)) throw new Error('This proof was used before');
  state.proofs.add(payload.jti);
  if (protectedHeader.jwk) state.keys.add(await calculateJwkThumbprint(protectedHeader.jwk));
  return payload;
};

const hear = async (state: State, request: IncomingMessage): Promise<Heard> => {
  const { method = '', headers, url = '' } = request;
  const { pathname: path, searchParams: search } = new URL(url, state.url);
  const proof = await verify(state, headers.dpop);
  let text = '';
  for await (const chunk of request) text += chunk;
  return { method, path, search, headers, proof, json: text ? JSON.parse(text) : {} };
};

const serveEvents = (state: State, { search }: Heard, response: ServerResponse) => {
  const after = Math.max(Number(search.get('offset')), state.visibleAfter);
  const fresh = () => state.log.filter(({ seq }) => seq > after);
  const live = search.get('live');
  if (live === 'sse') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (fresh().length > 0) response.write(frame('data', fresh()));
    response.write(frame('control', { streamNextOffset: String(state.log.length), upToDate: true }));
    state.streams.add(response);
    response.on('close', () => state.streams.delete(response));
    return;
  }
  if (live !== 'long-poll' || fresh().length > 0) return reply(response, 200, fresh());
  const wake = () => {
    state.polls.delete(wake);
    reply(response, 200, fresh());
  };
  state.polls.add(wake);
};

const serveMessage = (state: State, { json }: Heard, response: ServerResponse) => {
  const known = state.log.find((event) => event.type === 'message' && event.clientId === json.clientId);
  const author = { kind: 'customer', id: 'cus_1', name: null } as const;
  const event = known ?? say(state, String(json.text), { author, clientId: String(json.clientId) });
  reply(response, known ? 200 : 201, { event });
};

const serveHistory = (state: State, { search }: Heard, response: ServerResponse) => {
  const before = Number(search.get('before') ?? Number.POSITIVE_INFINITY);
  const all = state.log.filter(({ seq }) => seq < before && seq > state.visibleAfter);
  const events = all.slice(-Number(search.get('limit')));
  reply(response, 200, { events, more: events.length < all.length });
};

const serveSession = (state: State, response: ServerResponse) => {
  const token = `token-${++state.tokens}`;
  const customer = { id: 'cus_1', name: null };
  reply(response, 201, { token, conversationId: 'cnv_1', customer, expiresAt: Date.now() + 1e9 });
};

const serve = (state: State, heard: Heard, response: ServerResponse) => {
  const { visibleAfter, positions, log } = state;
  const view = { id: 'cnv_1', head: log.length, visibleAfter, positions, assignee: null };
  switch (`${heard.method} ${heard.path.replace('/v1/conversations/cnv_1', '…')}`) {
    case 'GET /v1/web/web_1':
      return reply(response, 200, { channelKey: 'web_1', workspace: { name: 'Brand' }, online: true });
    case 'POST /v1/sessions':
    case 'POST /v1/handoffs/redeem':
      return serveSession(state, response);
    case 'POST /v1/handoffs/peek':
      return reply(response, 200, { state: 'live' });
    case 'GET …':
      return reply(response, 200, view);
    case 'GET …/history':
      return serveHistory(state, heard, response);
    case 'GET …/events':
      return serveEvents(state, heard, response);
    case 'POST …/messages':
      return serveMessage(state, heard, response);
    default:
      response.writeHead(204).end();
  }
};

/** A server of the protocol with one conversation, in memory, on a free port of loopback. */
export const startServer = async () => {
  const state = createState();
  const http = createServer(async (request, response) => {
    try {
      const heard = await hear(state, request);
      state.requests.push(heard);
      if (!state.intercept(heard, response)) serve(state, heard, response);
    } catch (error) {
      problem(response, 'proof_invalid', { status: 401, detail: String(error) });
    }
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  return Object.assign(state, {
    /** Anything else happens. */
    tell: (draft: EventDraft) => append(state, draft),
    say: (text: string, kind: 'agent' | 'customer' = 'agent') =>
      say(state, text, { author: { kind, id: kind, name: kind } }),
    store: ({ json }: Heard) =>
      say(state, String(json.text), {
        author: { kind: 'customer', id: 'cus_1', name: null },
        clientId: String(json.clientId),
      }),
    deliver: (events: ConversationEvent[]) => deliver(state, events),
    signal: (signal: Signal) => {
      for (const stream of state.streams) stream.write(frame('signal', signal));
    },
    /** Breaks every stream. */
    cut: () => {
      for (const stream of state.streams) stream.destroy();
    },
    /** The requests of a method to a path that ends so. */
    of: (method: string, end: string) =>
      state.requests.filter((heard) => heard.method === method && heard.path.endsWith(end)),
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
};

export type FakeServer = Awaited<ReturnType<typeof startServer>>;
