import type { FastifyRequest } from 'fastify';

/** Where a simulator mounted at `prefix` is reached, as the request saw it, without a slash at the end. */
export const baseUrl = (request: FastifyRequest, prefix: string): string =>
  `${request.protocol}://${request.host}${prefix}`;
