import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { AGENTS, type DemoAgent } from './people.ts';

/** Signs an agent in; values of `Set-Cookie`, or null when the server refused. */
export type SignIn = (email: string) => Promise<string[] | null>;

const CSP =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const entry = ({ id, name }: DemoAgent): string => `
<li><form method="post" action="/agents/enter">
<img src="/agents/pictures/${id}.svg" alt="" width="96" height="96">
<button name="id" value="${id}">Enter as ${name.split(' ')[0]}</button>
</form></li>`;

const page = (problem: string | null): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Agents of the demo</title>
<link rel="icon" href="/agents/pictures/sara.svg" type="image/svg+xml">
<link rel="stylesheet" href="/agents/agents.css">
</head>
<body>
<main>
<h1>Who answers today?</h1>
<p>One press signs you in. To be two agents at once, open this page in a private window too.</p>
${problem === null ? '' : `<p class="problem" role="alert">${problem}</p>`}
<ul>${AGENTS.map(entry).join('')}</ul>
</main>
</body>
</html>
`;

const idIn = (body: unknown): string | null => (body instanceof URLSearchParams ? body.get('id') : null);

/** One-click sign-in for the demo's agents. Never part of a real deployment. */
export const agentsPage =
  (signIn: SignIn) =>
  async (app: FastifyInstance): Promise<void> => {
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    app.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', CSP).header('cache-control', 'no-store');
    });
    app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page(null)));
    app.post('/enter', async ({ body }, reply) => {
      const agent = AGENTS.find(({ id }) => id === idIn(body));
      const cookies = agent === undefined ? null : await signIn(agent.email);
      if (cookies !== null) return reply.header('set-cookie', cookies).redirect('/inbox/', 303);
      const problem = 'The server did not let this agent in. Wait a minute and try again.';
      return reply.status(502).type('text/html; charset=utf-8').send(page(problem));
    });
    app.get('/agents.css', async (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(await readFile(new URL('./agents.css', import.meta.url))),
    );
    for (const { id } of AGENTS) {
      const url = new URL(`./pictures/${id}.svg`, import.meta.url);
      app.get(`/pictures/${id}.svg`, async (_request, reply) => {
        reply.header('cross-origin-resource-policy', 'cross-origin');
        return reply.type('image/svg+xml').send(await readFile(url));
      });
    }
  };
