import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

/** `/healthz` and `/metrics`. */
export const operationRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/healthz',
      {
        schema: {
          summary: 'Whether the server can work: its database answers, and it is not stopping',
          tags: ['operation'],
          response: { 200: Type.Object({ status: Type.Literal('ok') }) },
        },
      },
      async (_request, reply) => {
        if (rt.hub.streams.draining) throw new ContinuoError('unavailable', { retryAfter: 5 });
        try {
          await sql`select 1`.execute(rt.store.db);
        } catch (cause) {
          rt.log.error({ err: cause }, 'the database does not answer');
          throw new ContinuoError('unavailable', { retryAfter: 5 }, { cause });
        }
        reply.header('cache-control', 'no-store');
        return { status: 'ok' as const };
      },
    );
    app.get(
      '/metrics',
      {
        schema: {
          summary: 'Metrics in the text format of Prometheus',
          tags: ['operation'],
          response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } } },
        },
      },
      async (_request, reply) => reply.type(rt.metrics.contentType).send(await rt.metrics.text()),
    );
  };
