import { Id, OfferedHandoff, OfferHandoff } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { retryDelivery } from '../deliveries/retry.ts';
import { offerHandoff } from '../handoffs/offer.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import { ConversationPath, Done, INBOX, type InboxGuard } from './inbox-agent.ts';

/** What an agent has carried to the customer's network: a link, and again what did not arrive. */
export const inboxNetworkRoutes =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/inbox/conversations/:id/handoffs',
      {
        schema: {
          ...INBOX,
          summary: '"Continue on our site": a link goes into the social thread',
          params: ConversationPath,
          body: OfferHandoff,
          response: { 201: OfferedHandoff },
        },
      },
      async (request, reply) => {
        const conversationId = request.params.id;
        const { actor } = await guard.conversation(request, conversationId);
        const { clientId } = request.body;
        const offered = await rt.store.write(
          (tx) => offerHandoff(rt, tx, { conversationId, agent: actor, clientId }),
          conversationScope(conversationId),
        );
        return reply.code(201).send(offered);
      },
    );

    app.post(
      '/v1/inbox/conversations/:id/deliveries/:deliveryId/retry',
      {
        schema: {
          ...INBOX,
          summary: 'Send again what failed, or what the network may or may not have',
          params: Type.Object({ id: Id, deliveryId: Id }),
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const { id: conversationId, deliveryId } = request.params;
        await guard.conversation(request, conversationId);
        await rt.store.write(
          (tx) => retryDelivery(rt, tx, { deliveryId, conversationId }),
          conversationScope(conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };
