import cors, { type FastifyCorsOptions } from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Runtime } from '../runtime.ts';

/** What a page on any site may ask: a session proves itself with a key, never with a cookie. */
const CUSTOMER_PATHS = ['/v1/web/', '/v1/session', '/v1/conversations/', '/v1/handoffs/'] as const;

const SECONDS_A_DAY = 86_400;

const CUSTOMER_CORS: FastifyCorsOptions = {
  origin: '*',
  credentials: false,
  methods: ['GET', 'HEAD', 'POST', 'DELETE'],
  allowedHeaders: ['authorization', 'dpop', 'content-type', 'continuo-version', 'if-none-match'],
  exposedHeaders: [
    'stream-next-offset',
    'stream-cursor',
    'stream-up-to-date',
    'stream-closed',
    'stream-sse-data-encoding',
    'retry-after',
    'continuo-version',
    'etag',
  ],
  maxAge: SECONDS_A_DAY,
};

const corsFor = ({ url }: FastifyRequest): FastifyCorsOptions =>
  CUSTOMER_PATHS.some((path) => url.startsWith(path)) ? CUSTOMER_CORS : { origin: false };

export async function installSecurityHeaders(app: FastifyInstance, rt: Runtime): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: rt.config.publicUrl.startsWith('https://')
      ? { maxAge: 365 * SECONDS_A_DAY }
      : false,
  });
  await app.register(cors, {
    delegator: (
      request: FastifyRequest,
      decide: (error: Error | null, options: FastifyCorsOptions) => void,
    ) => decide(null, corsFor(request)),
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
  });
}
