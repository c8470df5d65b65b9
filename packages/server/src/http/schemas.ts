import * as protocol from '@continuo/protocol';
import { Ajv } from 'ajv';
import type { FastifyInstance, RouteOptions } from 'fastify';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every schema of the protocol that has a name, by its name. */
const named = new Map<string, Json>();
for (const value of Object.values<unknown>(protocol)) {
  if (isObject(value) && typeof value.$id === 'string') named.set(value.$id, value);
}

/** The same schema with each named one in it as a reference: a name twice in one schema is ambiguous to Ajv. */
const referring = (schema: Json): Json =>
  Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, toReference(value)]));

function toReference(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toReference);
  if (!isObject(value)) return value;
  return typeof value.$id === 'string' && named.has(value.$id) ? { $ref: `${value.$id}#` } : referring(value);
}

/** What every route under `/v1` may answer besides its own responses. */
const PROBLEMS = {
  '4xx': {
    description: 'A problem document (RFC 9457); `code` tells which',
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  },
  '5xx': {
    description: 'A problem document (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  },
};

/** Who has to prove what, by path; the longest first. */
const SECURITY: readonly (readonly [string, Record<string, string[]>])[] = [
  ['/v1/conversations/', { DPoP: [] }],
  ['/v1/handoffs/', { proof: [] }],
  ['/v1/sessions', { proof: [] }],
  ['/v1/session', { DPoP: [] }],
  ['/v1/inbox/', { cookie: [] }],
];

function prepareRoute(route: RouteOptions): void {
  const { schema } = route;
  if (!schema) return;
  const prepared: Json = {};
  for (const [part, value] of Object.entries(schema)) prepared[part] = toReference(value);
  if (route.url.startsWith('/v1/')) {
    prepared.response = { ...(isObject(prepared.response) ? prepared.response : {}), ...PROBLEMS };
    const [, needed] = SECURITY.find(([path]) => route.url.startsWith(path)) ?? [];
    if (needed) prepared.security = [needed];
  }
  route.schema = prepared;
}

/** An Ajv that knows the protocol's schemas. */
function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ coerceTypes, allErrors: true, useDefaults: true, removeAdditional: false });
  for (const schema of named.values()) ajv.addSchema(referring(schema));
  return ajv;
}

/**
 * Makes the protocol's schemas known by name, to validation, to serialisation and to the OpenAPI page. Before any route.
 * Bodies are taken as they are: nothing converted, nothing dropped. A query and a path are text, and are converted.
 */
export function installSchemas(app: FastifyInstance): void {
  const exact = createAjv(false);
  const converting = createAjv(true);
  app.setValidatorCompiler<Json>(({ schema, httpPart }) =>
    (httpPart === 'body' ? exact : converting).compile(schema),
  );
  for (const schema of named.values()) app.addSchema(referring(schema));
  app.addHook('onRoute', prepareRoute);
}
