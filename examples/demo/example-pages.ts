import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/** What the pages' placeholders are filled with. */
export interface ExampleOptions {
  baseUrl: string;
  channelKey: string;
}

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const PAGES = [
  { name: 'own-ui', style: 'own-ui.css' },
  { name: 'react', style: 'react.css' },
] as const;

/** The examples built on core, each at its name: the files as they are, with this server's address and channel key filled in. */
export const examplePages =
  ({ baseUrl, channelKey }: ExampleOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', CSP).header('cache-control', 'no-cache');
    });
    for (const { name, style } of PAGES) {
      const read = (path: string) => readFile(new URL(`../${name}/${path}`, import.meta.url), 'utf8');
      app.get(`/${name}`, async (_request, reply) => reply.redirect(`${app.prefix}/${name}/`));
      app.get(`/${name}/`, async (_request, reply) => {
        const html = (await read('index.html'))
          .replace(/data-base-url="[^"]*"/, `data-base-url="${baseUrl}"`)
          .replace(/data-channel="[^"]*"/, `data-channel="${channelKey}"`);
        return reply.type('text/html; charset=utf-8').send(html);
      });
      app.get(`/${name}/${style}`, async (_request, reply) =>
        reply.type('text/css; charset=utf-8').send(await read(style)),
      );
      app.get(`/${name}/dist/main.js`, async (_request, reply) =>
        reply.type('text/javascript; charset=utf-8').send(await read('dist/main.js')),
      );
    }
  };
