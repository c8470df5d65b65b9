import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { shopPage, widgetSnippet } from './page.ts';
import { arabic, english, type ShopWords } from './words.ts';

export interface BrandPageOptions {
  /** Address of the widget's `loader.js`. */
  loaderUrl: string;
  /** Key of the web channel. */
  channelKey: string;
}

const FILES = {
  'shop.css': { url: new URL('./shop.css', import.meta.url), type: 'text/css; charset=utf-8' },
  'icon.svg': { url: new URL('./icon.svg', import.meta.url), type: 'image/svg+xml' },
  'shop.js': { url: new URL('../dist/shop.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
} as const;

/** A strict policy: only the shop's own files and the chat's origin, no inline script or style, Trusted Types on. */
const policy = (chat: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${chat}`,
    "style-src 'self'",
    `img-src 'self' ${chat} blob:`,
    'media-src blob:',
    `connect-src 'self' ${chat}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** The shop at the plugin's prefix, `/ar` in Arabic. */
export const brandPages =
  (options: BrandPageOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    const base = app.prefix;
    const csp = policy(new URL(options.loaderUrl).origin);
    const page = (words: ShopWords) => async (_request: unknown, reply: FastifyReply) => {
      reply.header('content-security-policy', csp).header('cache-control', 'no-cache');
      return reply
        .type('text/html; charset=utf-8')
        .send(shopPage(words, { base, snippet: widgetSnippet(options) }));
    };
    app.get('/', page(english));
    app.get('/ar', page(arabic));
    for (const [name, { url, type }] of Object.entries(FILES)) {
      app.get(`/${name}`, async (_request, reply) => reply.type(type).send(await readFile(url)));
    }
  };
