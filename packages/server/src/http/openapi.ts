import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { Runtime } from '../runtime.ts';

const DESCRIPTION = `A support conversation that never starts over.

Every request under \`/v1\` carries \`Continuo-Version: 1\` (webhooks, \`/v1/web\` and \`/v1/auth\` do not need it).
Customers prove themselves with a key that cannot leave the device (DPoP, RFC 9449), agents with a cookie.
Every error is a problem document (RFC 9457) whose \`code\` tells which.`;

/** The page's own scripts and nothing else; its styles are set by script. */
const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A query whose names are a network's own cannot be said in OpenAPI: it would be a parameter without a schema. */
const sayable = (schema: FastifySchema): FastifySchema => {
  const { querystring, ...rest } = schema;
  return isObject(querystring) && !('properties' in querystring) ? rest : schema;
};

/** `/openapi.json`, and a page to read it at `/docs`. Before any route. */
export async function installOpenApi(app: FastifyInstance, rt: Runtime): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Continuo', version: '1', description: DESCRIPTION },
      servers: [{ url: rt.config.publicUrl }],
      tags: [
        { name: 'customer', description: 'A customer in their conversation' },
        { name: 'handoff', description: 'Carrying on somewhere else' },
        { name: 'inbox', description: 'The agents' },
        { name: 'auth', description: "The agents' accounts" },
        { name: 'webhooks', description: 'Called by networks' },
        { name: 'operation', description: 'Called by whoever runs the server' },
      ],
      components: {
        securitySchemes: {
          DPoP: {
            type: 'http',
            scheme: 'dpop',
            description: '`Authorization: DPoP <token>` and a proof in `DPoP` (RFC 9449)',
          },
          proof: {
            type: 'apiKey',
            in: 'header',
            name: 'DPoP',
            description: 'A proof (RFC 9449) without a session: its key becomes or is the session’s',
          },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'continuo.session_token',
            description: "The agent's session; `__Host-continuo.session_token` on https",
          },
        },
      },
    },
    transform: ({ schema, url }) => ({ schema: sayable(schema), url }),
    refResolver: {
      // Only the protocol's schemas are referred to, and each has a name.
      buildLocalReference: (schema) => String(schema.$id),
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_CSP,
    uiConfig: { docExpansion: 'list', deepLinking: true },
  });
}
