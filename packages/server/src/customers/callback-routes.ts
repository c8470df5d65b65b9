import { ClientId, Id, RequestCallback, RequestedCallback } from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { askForCallback, endCallback } from '../conversations/callbacks.ts';
import { ContinuoError } from '../errors.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import { countAgainstWorkspace } from '../http/workspace-limit.ts';
import type { Runtime } from '../runtime.ts';
import { authenticateSession } from '../sessions/sessions.ts';
import { conversationScope } from '../storage/scopes.ts';
import { authenticateSender } from './sender.ts';
import { workspaceSettings } from './web-channel.ts';

const tags = ['customer'];

/** To be called, instead of holding a line. */
export const callbackRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/conversations/:id/callbacks',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          tags,
          summary: 'Asks to be called. The same callbackId again gives the same event.',
          params: Type.Object({ id: Id }),
          body: RequestCallback,
          response: { 200: RequestedCallback, 201: RequestedCallback },
        },
      },
      async (request, reply) => {
        const { session } = await authenticateSender(rt, request);
        const { conversationId, workspaceId } = session;
        if (conversationId !== request.params.id) throw new ContinuoError('not_found');
        countAgainstWorkspace(rt, workspaceId);
        const settings = await workspaceSettings(rt.store.db, workspaceId);
        const { event, duplicate } = await rt.store.write(
          (tx) => askForCallback(rt, tx, { conversationId, settings, body: request.body }),
          conversationScope(conversationId),
        );
        return reply.code(duplicate ? 200 : 201).send({ event });
      },
    );

    app.post(
      '/v1/conversations/:id/callbacks/:callbackId/cancel',
      {
        schema: {
          tags,
          summary: 'Not to be called any more.',
          params: Type.Object({ id: Id, callbackId: ClientId }),
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        const { conversationId, customerId } = await authenticateSession(rt, request);
        const { id, callbackId } = request.params;
        if (conversationId !== id) throw new ContinuoError('not_found');
        await rt.store.write(
          (tx) =>
            endCallback(rt, tx, {
              conversationId,
              callbackId,
              actor: { kind: 'customer', id: customerId, name: null },
              how: 'callback.cancelled',
            }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };
