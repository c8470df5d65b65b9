import { Identified, Identify } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import type { Runtime } from '../runtime.ts';
import { authenticateSession } from '../sessions/sessions.ts';
import { writeFound } from '../storage/scopes.ts';
import { identifyCustomer } from './identify.ts';
import { logInScope } from './scope.ts';
import { verifyIdentity } from './verify-identity.ts';

/** `POST /v1/session/identify` */
export const identifyRoute =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/session/identify',
      {
        config: { rateLimit: RATE_LIMITS.sessions },
        schema: {
          tags: ['customer'],
          summary: "The brand's own log-in: its signed token says who this device's customer is.",
          body: Identify,
          response: { 200: Identified },
        },
      },
      async (request) => {
        const session = await authenticateSession(rt, request);
        const { workspaceId } = session;
        const claims = await verifyIdentity(rt, { workspaceId, token: request.body.token });
        return writeFound(
          rt.store,
          (db) => logInScope(db, { session, userId: claims.sub }),
          (tx) => identifyCustomer(rt, tx, { session, claims }),
        );
      },
    );
  };
