import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A brand's own web server, on another origin than Continuo's: pages with the widget by one script tag. */
export interface BrandSite {
  url: string;
  /** Every request line that reached it, as a web server's log would keep it. */
  requests: string[];
  close(): Promise<void>;
}

/** What the script tag says. */
export interface WidgetTag {
  script: string;
  channel: string;
}

export interface BrandPage {
  lang?: string;
  dir?: 'ltr' | 'rtl';
  /** Put into the `Content-Security-Policy` header. */
  csp?: string;
  head?: string;
  body?: string;
  /** Attributes of the script tag. */
  attributes?: string;
  /** Something else than a page with the script tag, or a page that is written otherwise. */
  raw?: { type: string; write(widget: WidgetTag): string };
}

const html = (widget: WidgetTag, page: BrandPage) => `<!doctype html>
<html lang="${page.lang ?? 'en'}" dir="${page.dir ?? 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<link rel="icon" href="data:,">
<title>Nimbus Coffee</title>
${page.head ?? ''}
</head>
<body>
<main><h1>Nimbus Coffee</h1><p>Fresh beans, every week.</p><button type="button">Add to basket</button></main>
${page.body ?? ''}
<script async src="${widget.script}" data-channel="${widget.channel}" ${page.attributes ?? ''}></script>
</body>
</html>`;

/** Serves `pages` by path; `widget()` tells the script tag's address and channel at the time of the request. */
export const startBrandSite = async (
  widget: () => WidgetTag,
  pages: Record<string, BrandPage> = { '/': {} },
): Promise<BrandSite> => {
  const requests: string[] = [];
  const page = (request: IncomingMessage) => pages[new URL(request.url ?? '/', 'http://x').pathname];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const found = page(request);
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', `${found.raw?.type ?? 'text/html'}; charset=utf-8`);
    if (found.csp) response.setHeader('content-security-policy', found.csp);
    response.end(found.raw?.write(widget()) ?? html(widget(), found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
