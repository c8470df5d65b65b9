import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { RATE_LIMITS } from '../http/rate-limits.ts';
import type { Runtime } from '../runtime.ts';
import { type Accounts, PASSWORD_LENGTH } from './accounts.ts';
import { refuseForeignOrigin } from './authenticate.ts';

const Credentials = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' }),
    password: Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.max }),
  },
  { additionalProperties: false },
);

/** Signing in and out. There is no sign-up: the operator adds agents. */
export const authRoutes =
  (rt: Runtime, { accounts }: { accounts: Accounts }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', async (request) => refuseForeignOrigin(rt, request));
    app.post(
      '/v1/auth/sign-in/email',
      {
        config: { rateLimit: RATE_LIMITS.signIn },
        schema: {
          summary: 'Sign in: the answer sets the cookie, for 12 hours',
          tags: ['auth'],
          body: Credentials,
          response: { 204: Type.Null({ description: 'Signed in' }) },
        },
      },
      async ({ body }, reply) => {
        const email = body.email.toLowerCase();
        reply.header('set-cookie', await accounts.signIn({ email, password: body.password }));
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/v1/auth/sign-out',
      {
        schema: {
          summary: 'Sign out: the session is over at once, and its streams end',
          tags: ['auth'],
          security: [{ cookie: [] }],
          response: { 204: Type.Null({ description: 'Signed out' }) },
        },
      },
      async ({ headers }, reply) => {
        const session = await accounts.findSession(headers.cookie);
        reply.header('set-cookie', await accounts.signOut(headers.cookie));
        if (session) rt.hub.endSession(session.id);
        return reply.code(204).send(null);
      },
    );
  };
