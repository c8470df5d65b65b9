import { hash } from 'node:crypto';
import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

const MINUTE = 60_000;

/** By whoever is signed in, and by address where nobody is. The header is hashed: no token is kept. */
const bySession = (request: FastifyRequest): string => {
  const { authorization, cookie } = request.headers;
  const credential = authorization ?? cookie;
  return credential ? hash('sha256', credential, 'base64url') : request.ip;
};

/** Limits tighter than the one for everything, for a route's `config: { rateLimit: RATE_LIMITS.messages }`. In memory. */
export const RATE_LIMITS = {
  /** `POST /v1/sessions`, an address. */
  sessions: { max: 20, timeWindow: MINUTE },
  /** Peek, redeem, decline and renew, an address: nobody guesses 256 bits, but nobody shall try either. */
  handoffs: { max: 10, timeWindow: MINUTE },
  /** `POST …/messages`, a session or an agent. */
  messages: { max: 60, timeWindow: MINUTE, keyGenerator: bySession },
  /** `GET …/search`, a session: each reads through the log. */
  search: { max: 60, timeWindow: MINUTE, keyGenerator: bySession },
  /** Transcripts and exports, a session: each reads the whole log. */
  copies: { max: 6, timeWindow: MINUTE, keyGenerator: bySession },
  /** Sign-in, an address. */
  signIn: { max: 10, timeWindow: MINUTE },
} as const satisfies Record<string, RateLimitOptions>;

/** Requests a minute of one address, whatever they are. Wide, because an office or a mobile network shares one. */
const ANY_REQUEST = 1200;

/** Networks' webhooks come from few addresses and are signed; scrapes and checks of health are the operator's own. */
const UNLIMITED = ['/v1/webhooks/', '/healthz', '/metrics'] as const;

/** `ttl`: milliseconds until requests are taken again. */
const refusal = (ttl: number): ContinuoError =>
  new ContinuoError('rate_limited', { retryAfter: Math.max(1, Math.ceil(ttl / 1000)) });

export async function installRateLimits(app: FastifyInstance, rt: Runtime): Promise<void> {
  if (!rt.config.rateLimits) return;
  await app.register(rateLimit, { global: false, errorResponseBuilder: (_request, { ttl }) => refusal(ttl) });
  // On every route, also those with a limit of their own: a key that the client chooses must not be a way around it.
  const checkAddress = app.createRateLimit({ max: ANY_REQUEST, timeWindow: MINUTE });
  app.addHook('onRequest', async (request) => {
    if (UNLIMITED.some((prefix) => request.url.startsWith(prefix))) return;
    const limit = await checkAddress(request);
    if (!limit.isAllowed && limit.isExceeded) throw refusal(limit.ttl);
  });
}
