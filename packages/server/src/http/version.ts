import { PROTOCOL_VERSION, VERSION_HEADER } from '@continuo/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ContinuoError } from '../errors.ts';

/** Versions of the protocol that this server speaks. */
const SUPPORTED_VERSIONS: readonly number[] = [PROTOCOL_VERSION];
const SUPPORTED = SUPPORTED_VERSIONS.map(String);

/** Called by networks, by a loader of any age, and by the accounts' pages: without a version. */
const UNVERSIONED = ['/v1/webhooks/', '/v1/web/', '/v1/auth/'] as const;

const isVersioned = ({ routeOptions: { url = '' } }: FastifyRequest): boolean =>
  url.startsWith('/v1/') && !UNVERSIONED.some((prefix) => url.startsWith(prefix));

/** Says our version in every answer under `/v1`, and refuses a request of a version that is not spoken here. */
export function installVersion(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/v1/')) return done();
    reply.header(VERSION_HEADER, String(PROTOCOL_VERSION));
    if (!isVersioned(request)) return done();
    const asked = request.headers[VERSION_HEADER];
    if (typeof asked === 'string' && SUPPORTED.includes(asked)) return done();
    const refusal = new ContinuoError('version_unsupported', {
      detail:
        asked === undefined
          ? 'The header Continuo-Version is missing'
          : 'Continuo-Version is not one of ours',
      supported: [...SUPPORTED_VERSIONS],
    });
    done(refusal);
  });
}
