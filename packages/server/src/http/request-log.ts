import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Runtime } from '../runtime.ts';

/** Routes that live as long as their reader: their time says nothing of the server. */
const LIVE = /\/(events|signals)$/;

/** One line and one observation for each answered request: no query, no headers, no address. */
export function installRequestLog(app: FastifyInstance, rt: Runtime): void {
  // None of these fields can hold a secret, and searching each line for some costs a tenth of a request's processor time.
  const log = rt.log.child({}, { redact: [] });
  const observe = (reply: FastifyReply, labels: Record<string, string>) =>
    rt.metrics.observe('continuo_http_request_duration_seconds', reply.elapsedTime / 1000, labels);
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    const status = reply.raw.statusCode;
    log.info({ requestId: request.id, method, route, status, ms: Math.round(reply.elapsedTime) }, 'request');
    if (!LIVE.test(route)) observe(reply, { method, route, status: String(status) });
    done();
  });
}
