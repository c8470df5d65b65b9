import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify';

const require = createRequire(import.meta.url);

/** Folder inside another package of ours, of which only built files are served. */
const folderOf = (name: string, inside: string): string =>
  join(dirname(require.resolve(`${name}/package.json`)), inside);

/** Where the built files are. */
export interface AssetFolders {
  widget: string;
  inbox: string;
}

const builtFolders = (): AssetFolders => ({
  widget: folderOf('@continuo/widget', 'dist/cdn'),
  inbox: folderOf('@continuo/inbox', 'dist/app'),
});

/** A path inside a folder: no segment begins with a dot. */
const INSIDE = /^([\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** A file whose name carries a hash of what is in it. */
const HASHED = /-[\w-]{8,}\.\w+$/;

const FOREVER = 'public, max-age=31536000, immutable';
/** A new loader is everywhere within minutes, and an old one serves while it is fetched. */
const LOADER = 'public, max-age=300, stale-while-revalidate=86400';

/** The agents' app: everything from its own origin, framed by nobody, no text ever becomes script. */
const INBOX_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob: https:",
  'media-src blob:',
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const hidden = { schema: { hide: true } };

function sendBuilt(reply: FastifyReply, folder: string, file: string): FastifyReply {
  if (existsSync(join(folder, 'loader.js')) || existsSync(join(folder, 'index.html'))) {
    if (INSIDE.test(file)) return reply.sendFile(file, folder, { cacheControl: false });
    reply.callNotFound();
    return reply;
  }
  return reply
    .code(503)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send('This part of Continuo is not built yet: run `npm run build` and load this page again.\n');
}

function widgetRoutes(app: FastifyInstance, folder: string): void {
  app.get<{ Params: { '*': string } }>('/widget/*', hidden, (request, reply) => {
    const file = request.params['*'];
    // Any brand's page loads these: without credentials, and with nothing of anyone in them.
    reply.header('access-control-allow-origin', '*');
    reply.header('cross-origin-resource-policy', 'cross-origin');
    reply.header('timing-allow-origin', '*');
    reply.header('cache-control', HASHED.test(file) ? FOREVER : LOADER);
    return sendBuilt(reply, folder, file);
  });
}

function inboxAppRoutes(app: FastifyInstance, folder: string): void {
  app.get('/inbox', hidden, (_request, reply) => reply.redirect('/inbox/', 308));
  app.get<{ Params: { '*': string } }>('/inbox/*', hidden, (request, reply) => {
    const asked = request.params['*'];
    const file = /\.\w+$/.test(asked) ? asked : 'index.html';
    reply.header('content-security-policy', INBOX_CSP);
    reply.header('cache-control', HASHED.test(file) ? FOREVER : 'no-cache');
    return sendBuilt(reply, folder, file);
  });
}

/** Built files of the widget at `/widget/` and of the inbox at `/inbox/`. A path of the inbox without a file's ending is its page. */
export const assetRoutes =
  (folders: AssetFolders = builtFolders()): FastifyPluginAsync =>
  async (app) => {
    await app.register(fastifyStatic, { serve: false, preCompressed: true, dotfiles: 'deny' });
    widgetRoutes(app, folders.widget);
    inboxAppRoutes(app, folders.inbox);
  };
