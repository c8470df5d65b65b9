import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** How the playground moves the server. */
export interface PlaygroundOptions {
  baseUrl: string;
  /** `Cookie` of an agent who is signed in; null when the server refused. */
  signIn(): Promise<string | null>;
}

const idIn = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'conversation' in body ? String(body.conversation) : '';

/** What the states of the playground need of the server: an agent who comes and answers. */
export const playgroundRoutes =
  ({ baseUrl, signIn }: PlaygroundOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    let cookie: Promise<string | null> | null = null;
    let presence: AbortController | null = null;

    const asAgent = async (path: string, init: RequestInit = {}): Promise<Response> => {
      cookie ??= signIn();
      const headers = new Headers({ 'continuo-version': '1', cookie: (await cookie) ?? '' });
      if (init.body) headers.set('content-type', 'application/json');
      return fetch(`${baseUrl}/v1/inbox/${path}`, { ...init, headers });
    };
    const leave = () => {
      presence?.abort();
      presence = null;
    };
    const come = async () => {
      if (presence) return;
      presence = new AbortController();
      const stream = await asAgent('signals', { signal: presence.signal });
      // It is read to its end, which is when the agent leaves.
      stream.body?.pipeTo(new WritableStream()).catch(() => {});
    };
    app.post('/agent/come', async (_request, reply) => {
      await come();
      return reply.status(204).send();
    });
    app.post('/agent/answer', async ({ body }, reply) => {
      const text = 'It left the roastery this morning. **Tomorrow** it is with you.';
      const { status } = await asAgent(`conversations/${encodeURIComponent(idIn(body))}/messages`, {
        method: 'POST',
        body: JSON.stringify({ clientId: randomUUID(), text }),
      });
      return reply.status(status === 201 || status === 200 ? 204 : 502).send();
    });
    app.addHook('preClose', async () => leave());
  };
