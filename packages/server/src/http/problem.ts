import { ERRORS, type ErrorCode, PROBLEM_BASE, type Problem } from '@continuo/protocol';
import type { FastifyReply } from 'fastify';
import type { ContinuoError } from '../errors.ts';

/** Media type of a problem document (RFC 9457). */
const PROBLEM_TYPE = 'application/problem+json';

const TITLES: Record<ErrorCode, string> = {
  bad_request: 'The request does not fit what is expected here',
  version_unsupported: 'This version of the protocol is not spoken here: reload the page',
  unauthorized: 'Sign in first',
  session_ended: 'The session has ended',
  proof_invalid: 'The proof of possession is missing or not valid',
  proof_stale: 'The proof of possession is too old, or the clock is wrong',
  identity_invalid: "The brand's token is not valid",
  forbidden: 'This is not allowed',
  not_found: 'There is nothing here',
  client_id_conflict: 'This clientId was used for something else',
  conflict: 'This does not fit the present state',
  window_closed: 'No channel of the customer accepts a message now',
  handoff_expired: "The link's time is over",
  handoff_used: 'The link was used on another device',
  handoff_revoked: 'A newer link has replaced this one',
  join_required: 'This device has a conversation of its own: join the two?',
  too_large: 'The body is too large',
  rate_limited: 'Too many requests',
  internal: 'The server failed',
  unavailable: 'The server is stopping or overloaded',
};

/** The document that tells of an error. */
const toProblem = ({ code, details }: ContinuoError): Problem => ({
  type: PROBLEM_BASE + code.replaceAll('_', '-'),
  title: TITLES[code],
  status: ERRORS[code].status,
  code,
  ...details,
});

/** Answers with a problem document. Already text, so that no response schema can cut it. */
export function sendProblem(reply: FastifyReply, error: ContinuoError): FastifyReply {
  const problem = toProblem(error);
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
  if (problem.status === 401) reply.header('www-authenticate', 'DPoP algs="ES256"');
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}
