import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Runtime } from '../runtime.ts';

/** What a page on any site may ask: a session proves itself with a key, never with a cookie. */
const CUSTOMER_PATHS = ['/v1/web/', '/v1/session', '/v1/conversations/', '/v1/handoffs/'] as const;

const SECONDS_A_DAY = 86_400;

const CUSTOMER_CORS: FastifyCorsOptions = {
  origin: '*',
  credentials: false,
  methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'authorization',
    'dpop',
    'content-type',
    'continuo-version',
    'if-none-match',
    'upload-offset',
  ],
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

/** What OWASP's HTTP headers cheat sheet asks of every answer; a page says what it may do by a policy of its own. */
const securityHeaders = ({ config }: Runtime): Record<string, string> => ({
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  ...(config.publicUrl.startsWith('https://') && {
    'strict-transport-security': `max-age=${365 * SECONDS_A_DAY}; includeSubDomains`,
  }),
});

export async function installSecurityHeaders(app: FastifyInstance, rt: Runtime): Promise<void> {
  // They are the same for every answer, and @fastify/helmet composes them anew each time.
  const always = securityHeaders(rt);
  const inApi = { ...always, 'cache-control': 'no-store' };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith('/v1/') ? inApi : always);
    done();
  });
  await app.register(cors, {
    delegator: (
      request: FastifyRequest,
      decide: (error: Error | null, options: FastifyCorsOptions) => void,
    ) => decide(null, corsFor(request)),
  });
}
