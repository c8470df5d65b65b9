import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** What the pages' placeholders are filled with. */
export interface ExampleOptions {
  baseUrl: string;
  channelKey: string;
}

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'";

interface ExamplePage {
  name: string;
  /** Of the folder, beside `index.html`. */
  files: readonly string[];
  /** Trusted Types that a framework makes a policy of its own for, or lacks one. @default none */
  policy?: string;
  /** Whether the page is told a nonce for styles of its framework, as Rails' `csp_meta_tag` does. @default false */
  styleNonce?: boolean;
}

const PAGES: readonly ExamplePage[] = [
  { name: 'plain-script', files: ['page.js'] },
  { name: 'npm', files: ['dist/main.js'] },
  { name: 'vue', files: ['dist/main.js'], policy: "; require-trusted-types-for 'script'; trusted-types vue" },
  {
    name: 'svelte',
    files: ['dist/main.js'],
    policy: "; require-trusted-types-for 'script'; trusted-types svelte-trusted-html",
  },
  // Turbo reads pages with DOMParser, as text.
  { name: 'turbo', files: ['dist/main.js', 'order.html'], policy: '', styleNonce: true },
  { name: 'playground', files: ['playground.css', 'dist/main.js'] },
  { name: 'own-ui', files: ['own-ui.css', 'dist/main.js'] },
  { name: 'react', files: ['react.css', 'dist/main.js'] },
];

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The examples, each at its name: the files as they are, with this server's address and channel key filled into the pages. */
export const examplePages =
  ({ baseUrl, channelKey }: ExampleOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    const fill = (html: string, nonce: string) =>
      html
        .replaceAll('http://localhost:4400', baseUrl)
        .replaceAll('web_…', channelKey)
        .replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`);
    for (const { name, files, policy = TRUSTED_TYPES, styleNonce } of PAGES) {
      const serve = (path: string, file: string) =>
        app.get(path, async (_request, reply) => {
          const text = await readFile(new URL(`../${name}/${file}`, import.meta.url), 'utf8');
          const type = extname(file);
          const nonce = styleNonce ? randomBytes(16).toString('base64') : '';
          const csp = CSP.replace("style-src 'self'", nonce ? `$& 'nonce-${nonce}'` : '$&') + policy;
          reply.header('content-security-policy', csp).header('cache-control', 'no-cache');
          return reply.type(TYPES[type] ?? 'text/plain').send(type === '.html' ? fill(text, nonce) : text);
        });
      app.get(`/${name}`, async (_request, reply) => reply.redirect(`${app.prefix}/${name}/`));
      serve(`/${name}/`, 'index.html');
      for (const file of files) serve(`/${name}/${file}`, file);
    }
  };
