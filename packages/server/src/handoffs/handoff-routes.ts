import { HandoffPeek, HandoffToken, RedeemHandoff, Session } from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ContinuoError } from '../errors.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import type { Runtime } from '../runtime.ts';
import { proveDevice } from '../sessions/sessions.ts';
import { writeFound } from '../storage/scopes.ts';
import { declineHandoff, renewHandoff } from './answers.ts';
import { continueRoutes } from './continue-routes.ts';
import { peekHandoff } from './peek.ts';
import { redeemHandoff } from './redeem.ts';
import { handoffScope } from './scope.ts';

const tags = ['handoff'];
const config = { rateLimit: RATE_LIMITS.handoffs };

const wayInRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/handoffs/peek',
      {
        config,
        schema: {
          tags,
          summary: 'What a link leads to. Changes nothing but a note that it was looked at.',
          body: HandoffToken,
          response: { 200: HandoffPeek },
        },
      },
      async (request) => {
        const thumbprint = await proveDevice(rt, request);
        const { token } = request.body;
        const outcome = await writeFound(
          rt.store,
          (db) => handoffScope(db, { token, thumbprint }),
          (tx) => peekHandoff(rt, tx, { token, thumbprint }),
        );
        if (outcome instanceof ContinuoError) throw outcome;
        return outcome;
      },
    );

    app.post(
      '/v1/handoffs/redeem',
      {
        config,
        schema: {
          tags,
          summary: 'Gives the device a session on the conversation. The same device may ask again.',
          body: RedeemHandoff,
          response: { 201: Session },
        },
      },
      async (request, reply) => {
        const thumbprint = await proveDevice(rt, request);
        const { body } = request;
        const { origin } = request.headers;
        const outcome = await writeFound(
          rt.store,
          (db) => handoffScope(db, { token: body.token, thumbprint }),
          (tx) => redeemHandoff(rt, tx, { body, thumbprint, origin }),
        );
        if (outcome instanceof ContinuoError) throw outcome;
        return reply.code(201).send(outcome);
      },
    );
  };

const answerRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/handoffs/decline',
      {
        config,
        schema: {
          tags,
          summary: '"Not me". The link stays live.',
          body: HandoffToken,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await proveDevice(rt, request);
        const { token } = request.body;
        await writeFound(
          rt.store,
          (db) => handoffScope(db, { token }),
          (tx) => declineHandoff(rt, tx, token),
        );
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/handoffs/renew',
      {
        config,
        schema: {
          tags,
          summary: 'Sends a fresh link into the social thread, never into this answer.',
          body: HandoffToken,
          response: { 202: Type.Object({}) },
        },
      },
      async (request, reply) => {
        await proveDevice(rt, request);
        const { token } = request.body;
        await writeFound(
          rt.store,
          (db) => handoffScope(db, { token }),
          (tx) => renewHandoff(rt, tx, token),
        );
        return reply.code(202).send({});
      },
    );
  };

/**
 * `POST /v1/handoffs/peek`, `/redeem`, `/decline` and `/renew`. No GET, no cookie, and each needs a proof of a device's
 * key, so that what merely follows links can not even look.
 */
export const handoffRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(wayInRoutes(rt));
    await app.register(answerRoutes(rt));
    await app.register(continueRoutes(rt));
  };
