import {
  Choice,
  Conversation,
  Id,
  Presence,
  Receipts,
  SendMessage,
  SentMessage,
  Typing,
} from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { chooseWhenAway } from '../conversations/choice.ts';
import { keyOf } from '../conversations/client-key.ts';
import { conversationView } from '../conversations/conversation-view.ts';
import { markReceipts } from '../conversations/receipts.ts';
import { receiveMessage } from '../conversations/receive.ts';
import { ContinuoError } from '../errors.ts';
import { downloadRoute, type FileSide, uploadRoutes } from '../files/file-routes.ts';
import { HISTORY, STREAM, sendHistory } from '../http/log-answers.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import { countAgainstWorkspace } from '../http/workspace-limit.ts';
import { serveConversationStream } from '../live/conversation-stream.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, watchSession } from '../sessions/sessions.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import { messageActRoutes } from './message-routes.ts';
import { ownSession } from './own-conversation.ts';
import { authenticateSender, type Sender } from './sender.ts';

const tags = ['customer'];
const params = Type.Object({ id: Id });
const done = { 204: Type.Null() };

/**
 * How often the use of a web identity is written down (ms). The site has no window that a message could open: the time
 * only tells which of a customer's devices wrote last, and most commits have a page less to sync.
 */
const NOTE_INBOUND_MS = 60_000;

const noteInbound = async (rt: Runtime, tx: Tx, identityId: string): Promise<void> => {
  await tx.db
    .updateTable('identities')
    .set({ last_inbound_at: rt.now() })
    .where('id', '=', identityId)
    .execute();
};

const sendMessage = (
  rt: Runtime,
  { session, sender }: { session: AuthenticatedSession; sender: Sender },
  body: SendMessage,
) => {
  const { channel, name, notedAt } = sender;
  const isDue = rt.now() - (notedAt ?? 0) >= NOTE_INBOUND_MS;
  return rt.store.write(async (tx) => {
    if (isDue && session.identityId !== null) await noteInbound(rt, tx, session.identityId);
    return receiveMessage(rt, tx, {
      conversationId: session.conversationId,
      author: { kind: 'customer', id: session.customerId, name },
      text: body.text,
      attachments: [],
      ...(body.files && {
        files: {
          conversationId: session.conversationId,
          owner: session.thumbprint,
          ids: body.files,
        },
      }),
      channel,
      key: keyOf(body),
      replyTo: body.replyTo,
      answer: body.answer,
      visibleAfter: session.visibleAfter,
    });
  }, conversationScope(session.conversationId));
};

const signalTyping = (rt: Runtime, session: AuthenticatedSession, on: boolean): void => {
  const { conversationId, workspaceId } = session;
  rt.hub.signal(conversationId, { type: 'typing', from: 'customer', agent: null, on }, 'agents');
  rt.hub.signalInbox(workspaceId, { type: 'typing', conversationId, from: 'customer', agentId: null, on });
};

const viewRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/conversations/:id',
      {
        schema: {
          tags,
          summary: 'The conversation as it is now; its events are in the stream.',
          params,
          response: { 200: Conversation },
        },
      },
      async (request) => {
        const session = await ownSession(rt, request, request.params.id);
        return conversationView(rt, rt.store.db, session);
      },
    );

    app.get(
      '/v1/conversations/:id/history',
      {
        schema: { tags, params, ...HISTORY },
      },
      async (request, reply) => {
        const { conversationId, visibleAfter } = await ownSession(rt, request, request.params.id);
        const { query } = request;
        return sendHistory(rt, reply, { conversationId, reader: 'customer', floor: visibleAfter, query });
      },
    );
  };

const streamRoute =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/conversations/:id/events',
      {
        schema: { tags, params, ...STREAM },
      },
      async (request, reply) => {
        const session = await ownSession(rt, request, request.params.id);
        return serveConversationStream(rt, reply, {
          conversationId: session.conversationId,
          audience: 'customer',
          visibleAfter: session.visibleAfter,
          sessionId: session.id,
          agentId: null,
          watch: () => watchSession(rt, session.id),
        });
      },
    );
  };

const messageRoute =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/messages',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags,
          summary:
            'Says something. The same clientId again gives the same event; with another text it is a conflict.',
          params,
          body: SendMessage,
          response: { 200: SentMessage, 201: SentMessage },
        },
      },
      async (request, reply) => {
        const from = await authenticateSender(rt, request);
        if (from.session.conversationId !== request.params.id) throw new ContinuoError('not_found');
        countAgainstWorkspace(rt, from.session.workspaceId);
        const { event, duplicate } = await sendMessage(rt, from, request.body);
        return reply.code(duplicate ? 200 : 201).send({ event });
      },
    );
  };

const signalRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/typing',
      {
        schema: {
          tags,
          summary: 'The customer is typing, or stopped.',
          params,
          body: Typing,
          response: done,
        },
      },
      async (request, reply) => {
        signalTyping(rt, await ownSession(rt, request, request.params.id), request.body.on);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/conversations/:id/presence',
      {
        schema: {
          tags,
          summary: 'The page became visible or hidden. The end of the stream says "away" too.',
          params,
          body: Presence,
          response: done,
        },
      },
      async (request, reply) => {
        const session = await ownSession(rt, request, request.params.id);
        rt.presence.setVisible(session.conversationId, session.id, request.body.visible);
        return reply.code(204).send(null);
      },
    );
  };

const stateRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/receipts',
      {
        schema: {
          tags,
          summary: 'How far the device has received and the customer has read.',
          params,
          body: Receipts,
          response: done,
        },
      },
      async (request, reply) => {
        const { conversationId } = await ownSession(rt, request, request.params.id);
        await rt.store.write(
          (tx) => markReceipts(rt, tx, { conversationId, by: 'customer', ...request.body }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/conversations/:id/choice',
      {
        schema: {
          tags,
          summary: 'After assignee.away: wait for the agent, or have a colleague.',
          params,
          body: Choice,
          response: done,
        },
      },
      async (request, reply) => {
        const { conversationId } = await ownSession(rt, request, request.params.id);
        const { choice } = request.body;
        await rt.store.write(
          (tx) => chooseWhenAway(rt, tx, { conversationId, choice }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };

const customerFiles = (rt: Runtime): FileSide => ({
  path: '/v1/conversations/:id',
  tags,
  async authenticate(request, id) {
    const session = await ownSession(rt, request, id);
    return { ...session, owner: session.thumbprint, watch: () => watchSession(rt, session.id) };
  },
});

/** Everything under `/v1/conversations/:id` for the customer. */
export const conversationRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(viewRoutes(rt));
    await app.register(streamRoute(rt));
    await app.register(messageRoute(rt));
    await app.register(messageActRoutes(rt));
    await app.register(signalRoutes(rt));
    await app.register(stateRoutes(rt));
    const files = customerFiles(rt);
    await app.register(uploadRoutes(rt, files));
    await app.register(downloadRoute(rt, files));
  };
