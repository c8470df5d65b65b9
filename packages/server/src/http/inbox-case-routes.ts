import { Assign, ClientId, Id } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { assign } from '../conversations/assign.ts';
import { endCallback } from '../conversations/callbacks.ts';
import { resolveCase } from '../conversations/resolve.ts';
import { cancelErasure } from '../customers/erasure.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import { ConversationPath, Done, INBOX, type InboxGuard } from './inbox-agent.ts';

const CallbackPath = Type.Object({ id: Id, callbackId: ClientId });

/** What an agent does with the open case of a conversation. */
export const inboxCaseRoutes =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/inbox/conversations/:id/resolve',
      {
        schema: {
          ...INBOX,
          summary: 'Resolve the case; writing again opens the next one in the same conversation',
          params: ConversationPath,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const conversationId = request.params.id;
        const { actor } = await guard.conversation(request, conversationId);
        await rt.store.write(
          (tx) => resolveCase(rt, tx, { conversationId, actor }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/inbox/conversations/:id/assign',
      {
        schema: {
          ...INBOX,
          summary: 'Give it to a colleague, take it, or put it back into the queue (null)',
          params: ConversationPath,
          body: Assign,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const conversationId = request.params.id;
        const { actor } = await guard.conversation(request, conversationId);
        const { agentId } = request.body;
        await rt.store.write(
          (tx) => assign(rt, tx, { conversationId, agentId, actor, reason: 'manual' }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };

/** What an agent does about a customer's wish to be erased. */
export const inboxErasureRoute =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.delete(
      '/v1/inbox/conversations/:id/erase',
      {
        schema: {
          ...INBOX,
          summary: 'Take back what the customer, or whoever has their link, asked to have erased',
          params: ConversationPath,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const conversationId = request.params.id;
        const { actor } = await guard.conversation(request, conversationId);
        await rt.store.write(
          (tx) => cancelErasure(rt, tx, { conversationId, actor }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };

/** The call that a customer asked for. */
export const inboxCallbackRoute =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/inbox/conversations/:id/callbacks/:callbackId/done',
      {
        schema: {
          ...INBOX,
          summary: 'The customer was called, as they asked',
          params: CallbackPath,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const { id: conversationId, callbackId } = request.params;
        const { actor } = await guard.conversation(request, conversationId);
        await rt.store.write(
          (tx) => endCallback(rt, tx, { conversationId, callbackId, actor, how: 'callback.done' }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };
