import { existsSync, type FSWatcher, watch } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What the bundles are written to. */
const BUILT = [
  'packages/widget/dist/cdn',
  'packages/inbox/dist/app',
  'examples/messenger-simulator/dist',
  'examples/brand-page/dist',
  'examples/own-ui/dist',
  'examples/react/dist',
  'examples/npm/dist',
  'examples/vue/dist',
  'examples/svelte/dist',
  'examples/turbo/dist',
  'examples/playground/dist',
];

/** A bundle is several files: pages reload once. */
const SETTLE_MS = 200;

/** In development, tells open pages when a bundle was written. That the server started again they notice by themselves. */
export const reloadPlugin = async (app: FastifyInstance): Promise<void> => {
  const pages = new Set<ServerResponse>();
  let settling: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      for (const page of pages) page.write('data: built\n\n');
    }, SETTLE_MS);
  };
  const watchers: FSWatcher[] = BUILT.filter((folder) => existsSync(folder)).map((folder) =>
    watch(folder, tell),
  );
  app.get('/', (_request, reply) => {
    const page = reply.hijack().raw;
    page.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write(':\n\n');
    pages.add(page);
    page.on('close', () => pages.delete(page));
  });
  app.addHook('preClose', async () => {
    clearTimeout(settling);
    for (const watcher of watchers) watcher.close();
    for (const page of pages) page.end();
  });
};
