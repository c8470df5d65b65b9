import { ConversationEvent, HistoryPage, LIMITS, Seq } from '@continuo/protocol';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { bodyFor, type Reader } from '../live/audience.ts';
import type { Runtime } from '../runtime.ts';

/*
 * A conversation's log is read on two paths, the customer's and the agents', and answers the same on both.
 */

const HistoryQuery = Type.Object({
  before: Type.Optional(Seq),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.pageSize })),
});

/** What the route of a page of events says of itself. */
export const HISTORY = {
  summary: 'A page of events before a seq, oldest first; without one, the newest page.',
  querystring: HistoryQuery,
  response: { 200: Type.Unsafe<string>(HistoryPage) },
};

/** What the route of a log's stream says of itself. */
export const STREAM = {
  summary: "The conversation's log as a stream (Durable Streams, JSON mode): catch-up, long-poll, SSE.",
  querystring: Type.Object({
    offset: Type.Optional(
      Type.String({ description: '-1 for the start, now for the end, or an offset given by the stream' }),
    ),
    live: Type.Optional(Type.Union([Type.Literal('long-poll'), Type.Literal('sse')])),
    cursor: Type.Optional(Type.String({ description: 'The last Stream-Cursor' })),
  }),
  response: {
    200: {
      description: 'Events; `Stream-Next-Offset` tells where to read on',
      content: {
        'application/json': { schema: Type.Array(ConversationEvent) },
        'text/event-stream': { schema: Type.String({ description: 'With `live=sse`' }) },
      },
    },
    204: Type.Null({ description: 'With `live=long-poll`: nothing came' }),
    304: Type.Null({ description: 'The page is the one that `If-None-Match` names' }),
  },
};

/** Which page of which log, and for whom. */
export interface History {
  conversationId: string;
  reader: Reader;
  /** Nothing up to and including this seq is shown. */
  floor: number;
  query: Static<typeof HistoryQuery>;
}

/** Answers with a page. Bodies are JSON as they are stored: they pass through unparsed. */
export const sendHistory = async (
  rt: Runtime,
  reply: FastifyReply,
  { conversationId, reader, floor, query }: History,
): Promise<FastifyReply> => {
  const { before = Number.MAX_SAFE_INTEGER, limit = LIMITS.pageSize } = query;
  const { bodies, more } = await rt.store.readBefore(conversationId, { before, floor, limit });
  const events = bodies.map((body) => bodyFor(reader, body)).join(',');
  return reply.type('application/json').send(`{"events":[${events}],"more":${more}}`);
};
