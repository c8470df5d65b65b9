import fastify from 'fastify';
import { expect, test } from 'vitest';
import { brandPages } from './index.ts';

const visit = async (url: string) => {
  const app = fastify();
  const options = { loaderUrl: 'http://localhost:4400/widget/loader.js', channelKey: 'web_abc' };
  await app.register(brandPages(options), { prefix: '/shop' });
  return app.inject({ url });
};
const TAG = '<script async src="http://localhost:4400/widget/loader.js" data-channel="web_abc"></script>';

test.each([
  ['/shop', 'en', 'ltr'],
  ['/shop/ar', 'ar', 'rtl'],
])('%s carries the widget by the one tag that it shows', async (url, lang, dir) => {
  const { body } = await visit(url);
  expect(body).toContain(`<html lang="${lang}" dir="${dir}">`);
  expect(body.split(TAG)).toHaveLength(2);
  expect(body).toContain(TAG.replaceAll('<', '&#60;').replaceAll('>', '&#62;').replaceAll('"', '&#34;'));
});

test.each(['/shop', '/shop/ar'])('%s keeps to a policy that allows nothing inline', async (url) => {
  const { body, headers } = await visit(url);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/);
});
