import type { FastifyRequest } from 'fastify';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type AuthenticatedSession, authenticateSession } from '../sessions/sessions.ts';

/**
 * The session, if this conversation is its own. One that is someone else's and one that is not look the same.
 * @throws ContinuoError `not_found`, and as `authenticateSession`
 */
export const ownSession = async (
  rt: Runtime,
  request: FastifyRequest,
  id: string,
): Promise<AuthenticatedSession> => {
  const session = await authenticateSession(rt, request);
  if (session.conversationId !== id) throw new ContinuoError('not_found');
  return session;
};
