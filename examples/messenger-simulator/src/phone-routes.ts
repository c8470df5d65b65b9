import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { baseUrl } from './base-url.ts';
import { ControlError } from './control-bodies.ts';
import { pictureOf } from './picture.ts';
import type { Simulator } from './simulator.ts';

const style = (name: string) => ({
  url: new URL(`./phone/styles/${name}.css`, import.meta.url),
  type: 'text/css; charset=utf-8',
});

const FILES = {
  'index.html': { url: new URL('./phone/index.html', import.meta.url), type: 'text/html; charset=utf-8' },
  'scene.css': style('scene'),
  'thread.css': style('thread'),
  'composer.css': style('composer'),
  'adapting.css': style('adapting'),
  'phone.js': { url: new URL('../dist/phone.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
} as const;

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; media-src 'self' https:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'";
const FILE_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const UPLOAD_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const UPLOAD_BYTES = 4 * 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;

const sendFile = async (reply: FastifyReply, name: keyof typeof FILES) => {
  const { url, type } = FILES[name];
  const body = await readFile(url).catch(() => null);
  if (body === null) throw new ControlError(503, `${name} is not built yet: run npm run build`);
  reply.header('content-security-policy', CSP).header('cache-control', 'no-cache');
  return reply.type(type).send(body);
};

/** The phone-like page, what it shows, and the live news for it. */
export const phoneRoutes =
  (simulator: Simulator, prefix: string) =>
  async (app: FastifyInstance): Promise<void> => {
    if (prefix !== '') app.get('', async (_request, reply) => reply.redirect(`${prefix}/`));
    app.get('/', { prefixTrailingSlash: 'slash' }, async (_request, reply) => sendFile(reply, 'index.html'));
    for (const name of ['scene.css', 'thread.css', 'composer.css', 'adapting.css', 'phone.js'] as const)
      app.get(`/${name}`, async (_request, reply) => sendFile(reply, name));
    app.get('/pages', async () => ({
      pages: simulator.pages.map(({ id, name, username }) => ({ id, name, username })),
    }));

    app.get<{ Params: { psid: string } }>('/pictures/:psid.svg', async ({ params }, reply) => {
      reply
        .header('content-security-policy', FILE_CSP)
        .header('cross-origin-resource-policy', 'cross-origin');
      return reply.type('image/svg+xml').send(pictureOf(simulator.customer(params.psid)));
    });
    app.get<{ Params: { id: string } }>('/media/:id', async ({ params }, reply) => {
      const upload = simulator.upload(params.id);
      if (upload === null) throw new ControlError(404, 'No such file');
      reply.header('content-security-policy', FILE_CSP).header('x-content-type-options', 'nosniff');
      reply.header('cross-origin-resource-policy', 'cross-origin');
      return reply.type(upload.contentType).send(Buffer.from(upload.base64, 'base64'));
    });
    await app.register(uploadRoutes(simulator, prefix));
    await app.register(eventRoutes(simulator));
  };

const uploadRoutes =
  (simulator: Simulator, prefix: string) =>
  async (app: FastifyInstance): Promise<void> => {
    app.addContentTypeParser(
      UPLOAD_TYPES,
      { parseAs: 'buffer', bodyLimit: UPLOAD_BYTES },
      (_request, body, done) => done(null, body),
    );
    app.post('/control/uploads', { bodyLimit: UPLOAD_BYTES }, async (request, reply) => {
      const type = request.headers['content-type'] ?? '';
      if (!Buffer.isBuffer(request.body) || !UPLOAD_TYPES.includes(type)) {
        throw new ControlError(415, `The body must be one of ${UPLOAD_TYPES.join(', ')}`);
      }
      const id = simulator.addUpload(type, request.body);
      return reply.status(201).send({ url: `${baseUrl(request, prefix)}/media/${id}` });
    });
  };

const eventRoutes =
  (simulator: Simulator) =>
  async (app: FastifyInstance): Promise<void> => {
    app.get('/events', (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      raw.write(': open\n\n');
      const unwatch = simulator.watch((psid) => raw.write(`data: ${JSON.stringify({ psid })}\n\n`));
      const keepAlive = setInterval(() => raw.write(': still here\n\n'), KEEP_ALIVE_MS);
      const end = () => {
        clearInterval(keepAlive);
        unwatch();
        simulator.draining.removeEventListener('abort', end);
        raw.end();
      };
      simulator.draining.addEventListener('abort', end);
      request.raw.once('close', end);
    });
    app.addHook('preClose', async () => simulator.drain());
  };
