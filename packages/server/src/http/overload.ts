import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ContinuoError } from '../errors.ts';

/**
 * Requests that are worked on at once. Each keeps its body (at most 64 kB) and its place in the queue of writes until
 * it is answered, so that this many bound the memory of all: some 160 MB at the very worst, a few in practice.
 */
const MAX_WORKING = 2000;
/** Seconds after which one that found no room tries again; clients add their jitter. */
const RETRY_SECONDS = 2;

/** Streams wait for news and not for the server; health and metrics are asked for most when it is behind. */
const NOT_COUNTED = /\/(?:events|signals|healthz|metrics)$/;

/**
 * Refuses with `unavailable` what the server cannot get to soon: when the disk, the database or the processor is behind,
 * requests gather here. Counted is what has come in whole, until its answer is made, whether its client still waits or
 * not; half-sent bodies have their own limit, of time.
 */
export function installOverload(app: FastifyInstance, max: number = MAX_WORKING): void {
  const working = new WeakSet<FastifyRequest>();
  let count = 0;
  app.addHook('preHandler', (request, _reply, done) => {
    if (NOT_COUNTED.test(request.routeOptions.url ?? '')) return done();
    if (count >= max) return done(new ContinuoError('unavailable', { retryAfter: RETRY_SECONDS }));
    working.add(request);
    count += 1;
    done();
  });
  app.addHook('onSend', async (request) => {
    if (working.delete(request)) count -= 1;
  });
}
