import { hash } from 'node:crypto';
import { LIMITS, toOffset } from '@continuo/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { startSignals } from '../conversations/signals.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { LogPage } from '../storage/store.ts';
import { bodyFor, type Reader } from './audience.ts';
import { ConversationSse } from './conversation-sse.ts';
import { nextCursor } from './cursor.ts';
import { detach } from './detach.ts';
import { waitForNews } from './long-poll.ts';
import type { Right } from './right.ts';
import { startSse, whenClosed } from './sse.ts';
import { parseStreamRequest, type StreamRequest } from './stream-request.ts';

export interface ConversationStream {
  conversationId: string;
  audience: Reader;
  /** Nothing up to and including this seq is shown; 0 for agents. */
  visibleAfter: number;
  /** The customer's session, whose readers make the customer present; null for agents. */
  sessionId: string | null;
  /** The agent who reads, who is not told of their own typing; null for a customer. */
  agentId: string | null;
  /** Begins to watch the reader's right, of whoever reads on live: when it ends, a stream says so and closes. */
  watch: () => Right;
}

/** A request whose place in the log is found. */
interface Located extends ConversationStream {
  asked: StreamRequest;
  /** Where reading begins. */
  after: number;
  /** The log's end. */
  head: number;
}

/** A request that is answered for as long as the reader stays. */
interface Live extends Located {
  right: Right;
}

/** The log's end, as far as this reader may see. @throws ContinuoError `not_found` */
const findHead = async (rt: Runtime, stream: ConversationStream): Promise<number> => {
  const end = await rt.store.readAfter(stream.conversationId, Number.MAX_SAFE_INTEGER, 0);
  if (!end) throw new ContinuoError('not_found');
  return Math.max(end.head, stream.visibleAfter);
};

/** @throws ContinuoError `not_found`, `bad_request` */
const locate = async (rt: Runtime, url: string, stream: ConversationStream): Promise<Located> => {
  const asked = parseStreamRequest(url);
  const head = await findHead(rt, stream);
  const after = asked.after === 'now' ? head : Math.max(asked.after, stream.visibleAfter);
  if (after > head)
    throw new ContinuoError('bad_request', { detail: 'offset is beyond the end of the stream' });
  return { ...stream, asked, after, head };
};

const readPage = async (rt: Runtime, { conversationId, after, head }: Located): Promise<LogPage> =>
  (await rt.store.readAfter(conversationId, after, LIMITS.pageSize)) ?? { bodies: [], last: after, head };

const sendPage = (reply: FastifyReply, page: LogPage, audience: Reader): FastifyReply => {
  reply.header('content-type', 'application/json').header('stream-next-offset', toOffset(page.last));
  if (page.last >= page.head) reply.header('stream-up-to-date', 'true');
  // Bytes, because Fastify adds a charset to the type of a text, and the stream's type is the bare one.
  return reply.send(Buffer.from(`[${page.bodies.map((body) => bodyFor(audience, body)).join(',')}]`));
};

const isKnown = (request: FastifyRequest, etag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);

const serveCatchUp = async (rt: Runtime, reply: FastifyReply, located: Located): Promise<FastifyReply> => {
  const { conversationId, after, asked, audience, head } = located;
  if (asked.after === 'now') return sendPage(reply, { bodies: [], last: after, head }, audience);
  const page = await readPage(rt, located);
  // The words of a message that was deleted are gone from a page that was read before.
  const etag = `"${conversationId}:${after}:${hash('sha1', page.bodies.join(), 'base64url')}"`;
  reply.header('etag', etag);
  if (!isKnown(reply.request, etag)) return sendPage(reply, page, audience);
  return reply.code(304).header('stream-next-offset', toOffset(page.last)).send();
};

const serveLongPoll = async (
  rt: Runtime,
  reply: FastifyReply,
  { right, ...located }: Live,
): Promise<FastifyReply> => {
  const { after, asked, audience } = located;
  // Listen first and read then, so that nothing falls between the two.
  const news = waitForNews(rt, reply.raw, { ...located, right });
  try {
    const present = await readPage(rt, located);
    if (present.bodies.length === 0) await news.come;
    const page = present.bodies.length === 0 ? await readPage(rt, located) : present;
    reply.header('stream-cursor', nextCursor(asked.cursor, rt));
    if (page.bodies.length > 0) return sendPage(reply, page, audience);
    return reply
      .code(204)
      .header('stream-next-offset', toOffset(after))
      .header('stream-up-to-date', 'true')
      .send();
  } finally {
    news.stop();
  }
};

const refuseWhenDraining = (rt: Runtime): void => {
  if (rt.hub.streams.draining) throw new ContinuoError('unavailable', { retryAfter: 1 });
};

/** Lets it listen first and reads then, so that no signal falls between the two. */
const listenAndStart = async (rt: Runtime, conversationId: string, sse: ConversationSse) => {
  const unlisten = rt.hub.listen(conversationId, sse);
  try {
    const start = await startSignals(rt, rt.store.db, conversationId);
    // The server may have begun to stop during the read, and told those who were there.
    refuseWhenDraining(rt);
    return { unlisten, start };
  } catch (error) {
    unlisten();
    throw error;
  }
};

/** Makes the reader count, as long as the connection lives. @returns how to leave */
const enter = (
  rt: Runtime,
  sse: ConversationSse,
  { conversationId, sessionId, right }: Live,
): (() => void) => {
  const presence = sessionId === null ? null : rt.presence.enter(conversationId, sessionId);
  const leave = rt.hub.streams.join(sse);
  return () => {
    leave();
    presence?.leave();
    right.release();
  };
};

const serveSse = async (rt: Runtime, reply: FastifyReply, live: Live): Promise<void> => {
  const { conversationId, audience: reader, after, agentId, asked } = live;
  const { raw: response } = reply;
  const { cursor } = asked;
  const sse = new ConversationSse({
    rt,
    connection: response,
    conversationId,
    reader,
    agentId,
    after,
    cursor,
  });
  const { unlisten, start } = await listenAndStart(rt, conversationId, sse);
  const leave = enter(rt, sse, live);

  reply.hijack();
  startSse(response, reply.getHeaders());
  const connection = await detach(reply.request.raw, response);
  sse.moveTo(connection);
  live.right.onEnd(() => sse.end());
  whenClosed(connection, () => {
    unlisten();
    leave();
  });
  sse.writeSignal({ type: 'positions', positions: start.positions });
  sse.writeSignal({ type: 'assignee', agent: start.assignee });
  if (reader === 'agents') sse.writeSignal({ type: 'customer', presence: rt.presence.of(conversationId) });
  await sse.catchUp();
};

const serveLive = async (rt: Runtime, reply: FastifyReply, live: Live): Promise<FastifyReply> => {
  try {
    if (live.right.ended) throw new ContinuoError('session_ended');
    refuseWhenDraining(rt);
    if (live.asked.mode === 'long-poll') return await serveLongPoll(rt, reply, live);
    await serveSse(rt, reply, live);
    return reply;
  } finally {
    // A stream that has begun releases it when it is over.
    if (!reply.sent || live.asked.mode === 'long-poll') live.right.release();
  }
};

/**
 * Serves a conversation's log as a stream: the read side of the Durable Streams protocol (§5.5–5.8, 8, 9.1, 10) in
 * JSON mode. `GET` reads (catch-up, `live=long-poll`, `live=sse`), `HEAD` tells where the end is. An offset is the seq of
 * the last event read, in 16 digits. Call it after the reader was authorised.
 *
 * @throws ContinuoError `not_found`; `bad_request` for a malformed query; `session_ended`; `unavailable` when the
 * server is about to stop
 */
export const serveConversationStream = async (
  rt: Runtime,
  reply: FastifyReply,
  stream: ConversationStream,
): Promise<FastifyReply> => {
  const { request } = reply;
  reply.header('cache-control', 'private, no-store');
  if (request.method === 'HEAD') {
    const head = await findHead(rt, stream);
    return reply
      .header('content-type', 'application/json')
      .header('stream-next-offset', toOffset(head))
      .send();
  }
  const located = await locate(rt, request.url, stream);
  if (located.asked.mode === 'catch-up') return serveCatchUp(rt, reply, located);
  return serveLive(rt, reply, { ...located, right: stream.watch() });
};
