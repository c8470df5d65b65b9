import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { ContinuoError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import { type ConversationStream, serveConversationStream } from '../conversation-stream.ts';
import { serveInboxStream } from '../inbox-stream.ts';
import type { Right } from '../right.ts';

/** A server with nothing but streams, every reader of which is let in. */
export interface StreamServer {
  app: FastifyInstance;
  url: string;
  /** Ends the right of every reader. */
  revoke(): void;
  close(): Promise<void>;
}

const rightUntil = (signal: AbortSignal): Right => ({
  ended: signal.aborted,
  onEnd: (then) => signal.addEventListener('abort', then),
  release: () => {},
});

export const startStreamServer = async (
  rt: Runtime,
  stream: Partial<Omit<ConversationStream, 'watch'>> = {},
): Promise<StreamServer> => {
  const app = Fastify({ forceCloseConnections: true });
  const ended = new AbortController();
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-from-hook', 'kept');
  });
  app.setErrorHandler((error, _request, reply) => {
    const code = error instanceof ContinuoError ? error.code : 'internal';
    const status = { bad_request: 400, not_found: 404, session_ended: 401, unavailable: 503 }[String(code)];
    return reply.code(status ?? 500).send({ code });
  });
  app.get<{ Params: { id: string } }>('/:id/events', (request, reply) =>
    serveConversationStream(rt, reply, {
      conversationId: request.params.id,
      audience: 'agents',
      visibleAfter: 0,
      sessionId: null,
      agentId: null,
      watch: () => rightUntil(ended.signal),
      ...stream,
    }),
  );
  app.get<{ Params: { agent: string } }>('/inbox/:agent', (request, reply) =>
    serveInboxStream(rt, reply, {
      workspaceId: 'wsp_1',
      agentId: request.params.agent,
      ended: ended.signal,
    }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    app,
    url: `http://127.0.0.1:${address.port}`,
    revoke: () => ended.abort(),
    close: () => app.close(),
  };
};
