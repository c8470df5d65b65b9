import type { FastifyInstance } from 'fastify';
import { ControlError } from './control-bodies.ts';
import { controlRoutes } from './control-routes.ts';
import { badParameter, graphErrorBody, internalError } from './graph-error.ts';
import { graphRoutes } from './graph-routes.ts';
import { phoneRoutes } from './phone-routes.ts';
import { NotFound, type Simulator } from './simulator.ts';

/**
 * Mounts a simulator: the Graph API at `/graph/v25.0/…`, the control API at `/control/…`, the phone at `/`. Register it
 * with a `prefix` to put it below another path. Closes the simulator with the app.
 */
export const simulatorPlugin =
  (simulator: Simulator) =>
  async (app: FastifyInstance): Promise<void> => {
    const { prefix } = app;
    app.setErrorHandler((error, request, reply) => {
      const status = statusOf(error);
      if (status >= 500) request.log.error(error);
      const message = error instanceof Error ? error.message : 'failed';
      if (!request.url.startsWith(`${prefix}/graph/`)) return reply.status(status).send({ error: message });
      const graphError = status >= 500 ? internalError : badParameter(message);
      return reply.status(graphError.status).send(graphErrorBody(graphError, 'local'));
    });
    await app.register(graphRoutes(simulator, prefix), { prefix: '/graph' });
    await app.register(controlRoutes(simulator), { prefix: '/control' });
    await app.register(phoneRoutes(simulator, prefix));
    app.addHook('onClose', async () => simulator.close());
  };

const statusOf = (error: unknown): number => {
  if (error instanceof NotFound) return 404;
  if (error instanceof ControlError) return error.statusCode;
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
};
