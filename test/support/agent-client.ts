import { randomUUID } from 'node:crypto';
import { type Answer, readAnswer } from './device.ts';
import { openSse, type SseReader } from './sse.ts';

/** An agent's browser as the specification describes it, written without `@continuo/core`: a cookie and requests. */
export interface AgentClient {
  /** `Cookie` of its requests. */
  cookie: string;
  /** A `fetch` that carries the cookie and the version. */
  fetch: typeof fetch;
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Answers in a conversation. */
  reply(conversationId: string, text: string, clientId?: string): Promise<Answer>;
  /** `GET /v1/inbox/conversations/:id` */
  view(conversationId: string): Promise<Answer>;
  /** Opens the inbox: from then on the agent is online. */
  connect(): Promise<SseReader>;
}

/** The form's own request. @throws Error when it is refused */
const cookieOf = async (
  url: string,
  { email, password }: { email: string; password: string },
): Promise<string> => {
  const signedIn = await fetch(`${url}/v1/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!signedIn.ok) throw new Error(`signing in was answered with ${signedIn.status}`);
  return signedIn.headers
    .getSetCookie()
    .map((value) => value.split(';')[0])
    .join('; ');
};

/** Signs in. @throws Error when it is refused */
export const signInAgent = async (
  url: string,
  account: { email: string; password: string },
): Promise<AgentClient> => {
  const client: AgentClient = {
    cookie: await cookieOf(url, account),
    fetch(input, init) {
      const request = new Request(input, init);
      request.headers.set('cookie', client.cookie);
      request.headers.set('continuo-version', '1');
      return fetch(request);
    },
    async request(method, path, body) {
      const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return readAnswer(await client.fetch(url + path, { method, ...(body === undefined ? {} : json) }));
    },
    reply: (conversationId, text, clientId = randomUUID()) =>
      client.request('POST', `/v1/inbox/conversations/${conversationId}/messages`, { clientId, text }),
    view: (conversationId) => client.request('GET', `/v1/inbox/conversations/${conversationId}`),
    connect: () => openSse(client.fetch, `${url}/v1/inbox/signals`),
  };
  return client;
};
