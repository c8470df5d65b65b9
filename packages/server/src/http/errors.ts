import { LIMITS } from '@continuo/protocol';
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { sendProblem } from './problem.ts';

/** What Fastify itself refuses, in our words. */
const FASTIFY_ERRORS: Readonly<Record<string, ContinuoError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new ContinuoError('too_large', {
    detail: `A body has at most ${LIMITS.bodyBytes} bytes`,
  }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new ContinuoError('bad_request', {
    detail: 'Content-Type must be application/json',
  }),
  FST_ERR_CTP_EMPTY_JSON_BODY: new ContinuoError('bad_request', {
    detail: 'The body is empty, JSON is expected',
  }),
  FST_ERR_CTP_INVALID_JSON_BODY: new ContinuoError('bad_request', { detail: 'The body is not valid JSON' }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new ContinuoError('bad_request', {
    detail: 'The body does not have the length that Content-Length says',
  }),
  // Fastify's own words repeat the whole address, with its query.
  FST_ERR_BAD_URL: new ContinuoError('bad_request', { detail: 'The address cannot be decoded' }),
};

/** Characters of an unknown member's name that are told back: a typing mistake is shorter, a token longer. */
const NAME_LENGTH = 32;

/** Every error leaves as a problem document; what was not thrown on purpose is logged and says nothing but an id. */
export function installErrors(app: FastifyInstance, rt: Runtime): void {
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is no ${request.method} ${request.url.replace(/[?#].*$/s, '')}`;
    return sendProblem(reply, new ContinuoError('not_found', { detail }));
  });
  app.setErrorHandler<unknown>((error, request, reply) => answerError(rt, error, { request, reply }));
}

/** Also for what Fastify refuses before there is a route (a URL that cannot be decoded). */
export function answerError(
  rt: Runtime,
  error: unknown,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const known = toContinuoError(error);
  if (known && known.code !== 'internal') return sendProblem(reply, known);
  rt.log.error({ err: error, requestId: request.id, method: request.method }, 'request failed');
  return sendProblem(reply, new ContinuoError('internal', { detail: `Logged as ${request.id}` }));
}

function toContinuoError(error: unknown): ContinuoError | null {
  if (error instanceof ContinuoError) return error;
  if (!isFastifyError(error)) return null;
  if (error.validation) {
    return new ContinuoError('bad_request', {
      detail: `The ${partName(error.validationContext)} does not fit its schema`,
      errors: readableErrors(error.validation),
    });
  }
  const ours = FASTIFY_ERRORS[error.code];
  if (ours) return ours;
  const refused = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return refused ? new ContinuoError('bad_request', { detail: error.message }) : null;
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

const partName = (part: string | undefined): string =>
  ({ querystring: 'query', params: 'path', headers: 'headers' })[part ?? ''] ?? 'body';

type Place = NonNullable<ContinuoError['details']['errors']>[number];

/** One line a place; the branches of a union of literals become one list of what is allowed. */
function readableErrors(validation: readonly FastifySchemaValidationError[]): Place[] {
  const allowed = new Map<string, string[]>();
  const others = new Map<string, string>();
  for (const { instancePath, keyword, params, message } of validation) {
    if (keyword === 'const') {
      const values = allowed.get(instancePath) ?? [];
      allowed.set(instancePath, [...values, JSON.stringify(params.allowedValue)]);
    } else if (keyword === 'required' || keyword === 'additionalProperties') {
      const name = String(keyword === 'required' ? params.missingProperty : params.additionalProperty);
      const told = name.length > NAME_LENGTH ? '…' : name.replaceAll('~', '~0').replaceAll('/', '~1');
      const path = `${instancePath}/${told}`;
      others.set(path, keyword === 'required' ? 'is missing' : 'is not known here');
    } else if (keyword !== 'anyOf' && !others.has(instancePath)) {
      others.set(instancePath, message ?? 'does not fit');
    }
  }
  const literals = [...allowed].map(([path, values]) => ({
    path,
    message: `must be one of ${values.join(', ')}`,
  }));
  const rest = [...others]
    .filter(([path]) => !allowed.has(path))
    .map(([path, message]) => ({ path, message }));
  return [...literals, ...rest];
}
