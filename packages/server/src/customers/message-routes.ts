import { EditedMessage, EditMessage, Id } from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { deleteMessage, editMessage, type OwnMessage } from '../conversations/revise.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import { countAgainstWorkspace } from '../http/workspace-limit.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import { ownSession } from './own-conversation.ts';

const tags = ['customer'];
const params = Type.Object({ id: Id, seq: Type.Integer({ minimum: 1 }) });

/** The message that the path names, for the customer who asks. */
const named = async (
  rt: Runtime,
  request: FastifyRequest,
  { id, seq }: { id: string; seq: number },
): Promise<OwnMessage> => {
  const { conversationId, customerId, visibleAfter, workspaceId } = await ownSession(rt, request, id);
  countAgainstWorkspace(rt, workspaceId);
  const actor = { kind: 'customer', id: customerId, name: null } as const;
  return { conversationId, seq, visibleAfter, actor };
};

/** What a customer does to a message of their own. */
export const messageActRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/messages/:seq/edit',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags,
          summary: 'Has an own message say something else. The same text again gives the same event.',
          params,
          body: EditMessage,
          response: { 200: EditedMessage },
        },
      },
      async (request) => {
        const message = await named(rt, request, request.params);
        const { text } = request.body;
        const event = await rt.store.write(
          (tx) => editMessage(rt, tx, { ...message, text }),
          conversationScope(message.conversationId),
        );
        return { event };
      },
    );

    app.post(
      '/v1/conversations/:id/messages/:seq/delete',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags,
          summary: 'Deletes an own message, and its words for good. Deleting twice changes nothing.',
          params,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        const message = await named(rt, request, request.params);
        await rt.store.write(
          (tx) => deleteMessage(rt, tx, message),
          conversationScope(message.conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };
