import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Runtime } from '../runtime.ts';
import { answerChallenge, takeIn } from './webhook-intake.ts';

/** Bytes in one webhook's body; networks batch. */
const BODY_LIMIT = 1_048_576;

const Path = Type.Object({ kind: Type.String({ maxLength: 32, description: 'The kind of network' }) });
const Query = Type.Record(Type.String(), Type.Unknown());

/** The first of a header that came more than once would be a guess: such a one counts as missing. */
const headersOf = ({ headers }: FastifyRequest): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );

const queryOf = (query: Record<string, unknown>): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );

/** `/v1/webhooks/:kind`: where networks tell us what happened. */
export const webhookRoutes =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    // Signatures are over the bytes: in this scope a body stays what it was.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer' },
      async (_request: FastifyRequest, body: Buffer) => body,
    );

    const schema = { tags: ['webhooks'], params: Path };

    app.get(
      '/v1/webhooks/:kind',
      { schema: { ...schema, querystring: Query, summary: "The network's own check of this address" } },
      async (request, reply) => {
        const challenge = await answerChallenge(rt, request.params.kind, queryOf(request.query));
        return reply.type('text/plain; charset=utf-8').send(challenge);
      },
    );

    app.post(
      '/v1/webhooks/:kind',
      { bodyLimit: BODY_LIMIT, schema: { ...schema, summary: 'What happened on the network, signed by it' } },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
        await takeIn(rt, request.params.kind, {
          method: 'POST',
          headers: headersOf(request),
          query: {},
          body,
        });
        return reply.type('text/plain; charset=utf-8').send('EVENT_RECEIVED');
      },
    );
  };
