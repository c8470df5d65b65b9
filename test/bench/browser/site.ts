import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/** The widgets that are not ours; each is a file of `pages/` that exports `open()`. */
export const OTHERS = ['floor', 'deep-chat', 'vue-advanced-chat'] as const;
export type Other = (typeof OTHERS)[number];

/** Pages on an origin of their own, as a brand's site. */
export interface BenchSite {
  url: string;
  close(): Promise<void>;
}

interface File {
  type: string;
  body: Buffer;
  encoding?: 'br';
}

const HEAD = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">`;
const html = (head: string, body: string): File => ({
  type: 'text/html; charset=utf-8',
  body: Buffer.from(
    `<!doctype html><html lang="en"><head>${HEAD}<title>Bench</title>${head}</head><body>${body}</body></html>`,
  ),
});
const packed = (type: string, text: string | Uint8Array): File => ({
  type,
  body: brotliCompressSync(text),
  encoding: 'br',
});

/** Nothing but a button that loads the widget and opens it. */
const blankWith = (other: Other): File =>
  html(
    '',
    `<button id="launcher">Chat</button><script type="module">
document.getElementById('launcher').onclick = async () => (await import('/${other}.js')).open();
</script>`,
  );

const LINES = 'Fresh beans, every week, roasted on Tuesday and at your door on Thursday. '.repeat(6);
/** A shop's page as there are many: styles, a script, a picture above the fold, text. */
const shop = (chat: string): File =>
  html(
    `<link rel="stylesheet" href="/shop.css">${chat}`,
    `<header><h1>Nimbus Coffee</h1></header><main><img src="/hero.svg" width="800" height="500" alt="">
${`<article><h2>A coffee</h2><p>${LINES}</p><button>Add to basket</button></article>`.repeat(24)}</main><script src="/shop.js" defer></script>`,
  );
const SHOP_CSS = `body{margin:0;font:17px/1.6 system-ui,sans-serif}img{width:100%;height:auto}main{display:grid;gap:1rem;padding:1rem}`;
const SHOP_JS = `for (const button of document.querySelectorAll('button')) button.addEventListener('click', () => button.append(' ✓'));`;
/** Some 100 kB that no compression makes less: a picture weighs that. */
const hero = (): File => {
  const dots = Array.from({ length: 900 }, (_, at) => {
    const noise = createHash('sha512').update(`${at}`).digest('base64');
    return `<circle cx="${(at * 37) % 800}" cy="${(at * 91) % 500}" r="${at % 30}" fill="#${noise.length}6${at % 10}" data-n="${noise}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 500"><rect width="800" height="500" fill="#864"/>${dots.join('')}</svg>`;
  return { type: 'image/svg+xml', body: Buffer.from(svg) };
};

const bundle = async (other: Other): Promise<File> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'pages', `${other}.ts`)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  });
  return packed('text/javascript', outputFiles[0]?.contents ?? '');
};

/** @param chat - Our script tag. */
export const startSite = async (chat: string): Promise<BenchSite> => {
  const files = new Map<string, File>([
    ['/continuo', html(chat, '')],
    ['/shop', shop('')],
    ['/shop-with-chat', shop(chat)],
    ['/shop.css', packed('text/css', SHOP_CSS)],
    ['/shop.js', packed('text/javascript', SHOP_JS)],
    ['/hero.svg', hero()],
  ]);
  for (const other of OTHERS) {
    files.set(`/${other}`, blankWith(other));
    files.set(`/${other}.js`, await bundle(other));
  }
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? '/', 'http://x').pathname);
    if (!file) return response.writeHead(404).end();
    response.setHeader('content-type', file.type);
    response.setHeader('cache-control', file.type.startsWith('text/html') ? 'no-cache' : 'max-age=3600');
    if (file.encoding) response.setHeader('content-encoding', file.encoding);
    return response.end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
