import { ContinueElsewhere, ContinueLink, Id, OtherDevices } from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ownSession } from '../customers/own-conversation.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope, deviceScope } from '../storage/scopes.ts';
import { continueElsewhere, endElsewhere, otherDevices } from './continue-elsewhere.ts';

const tags = ['handoff'];

const PATH = '/v1/conversations/:id/handoffs';

const linkRoute =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      PATH,
      {
        config: { rateLimit: RATE_LIMITS.handoffs },
        schema: {
          tags,
          summary: 'A link to carry on elsewhere: once, for 5 minutes, in place of the last one.',
          params: Type.Object({ id: Id }),
          body: ContinueElsewhere,
          response: { 201: ContinueLink },
        },
      },
      async (request, reply) => {
        const session = await ownSession(rt, request, request.params.id);
        const { to } = request.body;
        const link = await rt.store.write(
          (tx) => continueElsewhere(rt, tx, { session, to }),
          [...conversationScope(session.conversationId), ...deviceScope(session.thumbprint)],
        );
        return reply.code(201).send(link);
      },
    );
  };

const deviceRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      PATH,
      {
        schema: {
          tags,
          summary: 'The devices that came by a link of this one and are still in.',
          params: Type.Object({ id: Id }),
          response: { 200: OtherDevices },
        },
      },
      async (request) => {
        const session = await ownSession(rt, request, request.params.id);
        return { devices: await otherDevices(rt, session) };
      },
    );

    app.delete(
      `${PATH}/:handoffId`,
      {
        schema: {
          tags,
          summary: 'Ends what came by a link of this device.',
          params: Type.Object({ id: Id, handoffId: Id }),
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        const { id, handoffId } = request.params;
        const session = await ownSession(rt, request, id);
        await rt.store.write(
          (tx) => endElsewhere(rt, tx, { session, handoffId }),
          conversationScope(session.conversationId),
        );
        return reply.code(204).send(null);
      },
    );
  };

/** `POST`, `GET /v1/conversations/:id/handoffs` and `DELETE …/handoffs/:handoffId`: a customer's own ways to carry on elsewhere. */
export const continueRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(linkRoute(rt));
    await app.register(deviceRoutes(rt));
  };
