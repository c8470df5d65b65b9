import { LIMITS } from '@continuo/protocol';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { type Accounts, createAccounts } from '../agents/accounts.ts';
import { authRoutes } from '../agents/auth-routes.ts';
import { webhookRoutes } from '../channels/webhook-routes.ts';
import { customerRoutes } from '../customers/customer-routes.ts';
import { handoffRoutes } from '../handoffs/handoff-routes.ts';
import type { Runtime } from '../runtime.ts';
import { createSessionWatch } from '../sessions/watch.ts';
import { assetRoutes } from './asset-routes.ts';
import { boundConnections } from './connections.ts';
import { answerError, installErrors } from './errors.ts';
import { hostedPage } from './hosted-page.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { installOpenApi } from './openapi.ts';
import { operationRoutes } from './operation-routes.ts';
import { installOverload } from './overload.ts';
import { installRateLimits } from './rate-limits.ts';
import { installRequestLog } from './request-log.ts';
import { installSchemas } from './schemas.ts';
import { installSecurityHeaders } from './security-headers.ts';
import { installVersion } from './version.ts';

/** A request has to be here, with its body, within this time: a body without an end keeps no socket. */
const REQUEST_TIMEOUT_MS = 30_000;
/** And its headers within this time. Node takes the two for one another where this is the longer, as by default it is. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often the two are looked after. Node's own half minute would come on top of both. */
const CHECK_CONNECTIONS_MS = 5000;

/** Ids of requests, 12 characters: random for the process, and counted within it. */
const createRequestId = ({ randomBytes }: Runtime): (() => string) => {
  const start = Buffer.from(randomBytes(5)).toString('base64url');
  let count = 0;
  return () => `${start}${(count++).toString(36).padStart(5, '0')}`;
};

/** Everything that every route has in common, and no route yet. */
export async function createBareApp(rt: Runtime): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = rt.log;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createRequestId(rt),
    requestIdHeader: false,
    // A logger for each request costs, and ours name the request themselves.
    childLoggerFactory: (own) => own,
    // One proxy: what stands before its own entry in X-Forwarded-For is whatever the client wrote there.
    trustProxy: rt.config.trustProxy && ((_address, hop) => hop === 0),
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { connectionsCheckingInterval: CHECK_CONNECTIONS_MS },
    // While stopping, what still comes in on open connections is answered in our words.
    return503OnClosing: false,
    bodyLimit: LIMITS.bodyBytes,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 128 },
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => answerError(rt, error, { request, reply }),
  });
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
  boundConnections(app.server, rt.config);
  installErrors(app, rt);
  installRequestLog(app, rt);
  await installSecurityHeaders(app, rt);
  installVersion(app);
  await installRateLimits(app, rt);
  installOverload(app);
  installSchemas(app);
  await installOpenApi(app, rt);
  return app;
}

/** The whole HTTP face of the server; not yet listening. */
export async function createApp(
  rt: Runtime,
  accounts: Accounts = createAccounts(rt),
): Promise<FastifyInstance> {
  const { now, log } = rt;
  const deps = { accounts, watch: createSessionWatch({ now, log, liveOf: accounts.liveOf }) };
  rt.hub.listenSessions((id) => deps.watch.end(id));
  const app = await createBareApp(rt);
  await app.register(operationRoutes(rt));
  await app.register(customerRoutes(rt));
  await app.register(handoffRoutes(rt));
  await app.register(webhookRoutes(rt));
  await app.register(authRoutes(rt, deps));
  await app.register(inboxRoutes(rt, deps));
  await app.register(assetRoutes());
  await app.register(hostedPage(rt));
  await app.ready();
  return app;
}
