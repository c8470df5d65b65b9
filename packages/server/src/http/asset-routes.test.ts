import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assetRoutes } from './asset-routes.ts';

const root = mkdtempSync(join(tmpdir(), 'continuo-assets-'));
const folders = { widget: join(root, 'cdn'), inbox: join(root, 'app') };
let app: FastifyInstance;

beforeAll(async () => {
  app = Fastify();
  await app.register(assetRoutes(folders));
});
afterAll(async () => {
  await app.close();
  rmSync(root, { recursive: true });
});

const build = (): void => {
  mkdirSync(folders.widget, { recursive: true });
  mkdirSync(folders.inbox, { recursive: true });
  writeFileSync(join(folders.widget, 'loader.js'), 'loader');
  writeFileSync(join(folders.widget, 'panel-B7UsgUMZ.js'), 'panel');
  writeFileSync(join(folders.inbox, 'index.html'), '<!doctype html>');
  writeFileSync(join(folders.inbox, 'main.js'), 'main');
  writeFileSync(join(root, 'outside.js'), 'what lies beyond');
};

test('what is not built says so, and is there once it is', async () => {
  for (const url of ['/widget/loader.js', '/inbox/']) {
    const response = await app.inject({ url });
    expect(response.statusCode).toBe(503);
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(response.body).toContain('npm run build');
  }
  build();
  expect((await app.inject({ url: '/widget/loader.js' })).statusCode).toBe(200);
});

test("the widget's files are for every site: the loader for minutes, hashed ones for good", async () => {
  build();
  const loader = await app.inject({ url: '/widget/loader.js' });
  expect(loader.body).toBe('loader');
  expect(loader.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
  });
  const panel = await app.inject({ url: '/widget/panel-B7UsgUMZ.js' });
  expect(panel.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('every path of the inbox is its page, under a strict policy', async () => {
  build();
  expect((await app.inject({ url: '/inbox' })).headers.location).toBe('/inbox/');
  for (const url of ['/inbox/', '/inbox/conversations/cnv_1']) {
    const page = await app.inject({ url });
    expect(page.body).toBe('<!doctype html>');
    expect(page.headers['cache-control']).toBe('no-cache');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
  }
  expect((await app.inject({ url: '/inbox/main.js' })).body).toBe('main');
  expect((await app.inject({ url: '/inbox/absent.js' })).statusCode).toBe(404);
});

test.each([
  '/widget/../outside.js',
  '/widget/..%2foutside.js',
  '/widget/%2e%2e/outside.js',
  '/widget/.hidden.js',
  '/widget//etc/passwd',
  '/widget/',
  '/inbox/..%2foutside.js',
])('nothing outside is served: %s', async (url) => {
  build();
  const response = await app.inject({ url });
  expect(response.body).not.toContain('what lies beyond');
  expect(response.statusCode).toBe(404);
});
