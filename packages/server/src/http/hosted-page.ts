import { createHash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { acceptedLanguage, directionOf } from '../customers/spoken-language.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { HOSTED_TEXTS } from './hosted-texts.ts';

const STYLE =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;box-sizing:border-box}main{max-width:30rem;text-align:center}';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "connect-src 'self'",
  "img-src 'self' data: blob: https:",
  'media-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The page for brands without one of their own. It knows nothing of the token, which stays in the fragment. */
const page = (channelKey: string, accepted: string | undefined): string => {
  const language = acceptedLanguage(accepted);
  const { title, soon, needsScript } = HOSTED_TEXTS[language];
  return `<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<meta property="og:title" content="${title}">
<style>${STYLE}</style>
<script async src="/widget/loader.js" data-channel="${channelKey}" data-mode="page" data-hosted></script>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${soon}</p>
<noscript><p>${needsScript}</p></noscript>
</main>
</body>
</html>
`;
};

/** The keys that `addChannel` gives: nothing in them that HTML would read. */
const CHANNEL_KEY = /^[\w-]{1,64}$/;

async function findKey(rt: Runtime, asked: string | undefined): Promise<string> {
  const channels = rt.store.db.selectFrom('channels').select('external_id').where('kind', '=', 'web');
  const found =
    asked === undefined
      ? await channels.limit(2).execute()
      : await channels.where('external_id', '=', asked).execute();
  const key = found.length === 1 ? found[0]?.external_id : undefined;
  if (key === undefined || !CHANNEL_KEY.test(key)) throw new ContinuoError('not_found');
  return key;
}

/**
 * The hosted page: `/c/<web channel's key>`, and `/c` where there is one web channel. A GET changes nothing, and its
 * answer is the same whatever link led here, in the browser's language.
 */
export const hostedPage =
  (rt: Runtime): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      reply.header('x-robots-tag', 'noindex, nofollow');
    });
    const answer = (request: FastifyRequest, reply: FastifyReply, key: string) =>
      reply
        .header('content-security-policy', CSP)
        .type('text/html; charset=utf-8')
        .send(page(key, request.headers['accept-language']));
    app.get('/c', { schema: { hide: true } }, async (request, reply) =>
      answer(request, reply, await findKey(rt, undefined)),
    );
    app.get(
      '/c/:channelKey',
      { schema: { hide: true, params: Type.Object({ channelKey: Type.String({ maxLength: 64 }) }) } },
      async (request, reply) => answer(request, reply, await findKey(rt, request.params.channelKey)),
    );
  };
