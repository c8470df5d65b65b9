import { OpenSession, Session, SessionState, WebChannel } from '@continuo/protocol';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { networksOf } from '../handoffs/networks.ts';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import { countAgainstWorkspace } from '../http/workspace-limit.ts';
import type { Runtime } from '../runtime.ts';
import { authenticateSession, proveDevice } from '../sessions/sessions.ts';
import { deviceScope } from '../storage/scopes.ts';
import { logOut } from './log-out.ts';
import { openOwnSession, sessionCustomer } from './own-session.ts';
import { serviceOf } from './service.ts';
import { checkOrigin, findWebChannel } from './web-channel.ts';

const tags = ['customer'];

/** Seconds that anyone may keep what is public of a web channel. */
const PUBLIC_SECONDS = 30;

/** `GET /v1/web/:channelKey` */
export const webChannelRoute =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/web/:channelKey',
      {
        schema: {
          tags,
          summary: 'What a widget needs to know before anything is said. Public; may be kept for 30 seconds.',
          params: Type.Object({ channelKey: Type.String({ maxLength: 64 }) }),
          response: { 200: WebChannel },
        },
      },
      async (request, reply) => {
        const channel = await findWebChannel(rt.store.db, request.params.channelKey);
        reply.header('cache-control', `public, max-age=${PUBLIC_SECONDS}`);
        return {
          channelKey: request.params.channelKey,
          workspace: { name: channel.workspaceName },
          transcriptByMail: rt.config.smtpUrl !== undefined,
          continueOn: await networksOf(rt.store.db, channel.workspaceId).select(['kind', 'name']).execute(),
          ...(await serviceOf(rt, channel)),
        };
      },
    );
  };

/** `POST /v1/sessions`, `GET` and `DELETE /v1/session` */
export const sessionRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/sessions',
      {
        config: { rateLimit: RATE_LIMITS.sessions },
        schema: {
          tags,
          summary: 'A device begins, or takes up again, its own conversation. Proof without ath.',
          body: OpenSession,
          response: { 201: Session },
        },
      },
      async (request, reply) => {
        const thumbprint = await proveDevice(rt, request);
        const channel = await findWebChannel(rt.store.db, request.body.channelKey);
        checkOrigin(rt.config, channel.settings, request.headers.origin);
        countAgainstWorkspace(rt, channel.workspaceId);
        const locale = request.body.locale ?? null;
        const session = await rt.store.write(
          (tx) => openOwnSession(rt, tx, { channel, thumbprint, locale }),
          deviceScope(thumbprint),
        );
        return reply.code(201).send(session);
      },
    );

    app.get(
      '/v1/session',
      {
        schema: {
          tags,
          summary: 'The session of this token, without the token.',
          response: { 200: SessionState },
        },
      },
      async (request) => {
        const { conversationId, expiresAt } = await authenticateSession(rt, request);
        const customer = await sessionCustomer(rt.store.db, conversationId);
        return { conversationId, customer, expiresAt };
      },
    );

    app.delete(
      '/v1/session',
      {
        schema: {
          tags,
          summary:
            'Logs the device out: ends all its sessions in this conversation, and what is open on them.',
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        const session = await authenticateSession(rt, request);
        await rt.store.write((tx) => logOut(rt, tx, session), deviceScope(session.thumbprint));
        return reply.code(204).send(null);
      },
    );
  };
