/** The widget on the strictest page there is: nothing inline, nothing evaluated, Trusted Types without a policy. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  const pages: Record<string, { csp?: string; lang?: string; dir?: 'rtl'; head?: string }> = { '/': {} };
  world = await startWorld({ pages });
  const origin = world.server.url;
  const strict = [
    "default-src 'none'",
    `script-src ${origin}`,
    `connect-src ${origin}`,
    `img-src ${origin} data: blob:`,
    'media-src blob:',
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  pages['/strict'] = { csp: strict };
  pages['/turbo'] = {};
});
afterAll(() => world?.close());

test('works under a strict Content Security Policy and Trusted Types', async () => {
  const widget = await world.visit(await world.device(), '/strict');
  const violations: string[] = [];
  await widget.page.exposeFunction('violated', (text: string) => violations.push(text));
  await widget.page.evaluate(() =>
    document.addEventListener('securitypolicyviolation', (event) => {
      Reflect.get(window, 'violated')(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    }),
  );
  await widget.open();
  await widget.send('Strict and still talking.');
  await widget
    .message('Strict and still talking.')
    .getByText(/^(Sent|Read)$/)
    .waitFor();
  const visible = await widget.dialog.evaluate((dialog) => getComputedStyle(dialog).display);
  expect(visible).not.toBe('none');
  expect(violations).toEqual([]);
  expect(world.pageErrors).toEqual([]);
});

test('nothing but the loader is requested before the visitor wants it', async () => {
  const context = await world.device();
  const requested: string[] = [];
  context.on('request', (request) => requested.push(request.url()));
  const widget = await world.visit(context);
  await widget.launcher.waitFor();
  await widget.page.waitForLoadState('networkidle');
  const ours = requested.filter((url) => url.startsWith(world.server.url));
  expect(ours).toEqual([`${world.server.url}/widget/loader.js`]);
  const stored = await widget.page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    cookies: document.cookie,
  }));
  expect(stored).toEqual({ local: [], session: [], databases: [], cookies: '' });
});

test('survives the page’s body being replaced', async () => {
  const widget = await world.visit(await world.device(), '/turbo');
  await widget.open();
  await widget.composer.fill('half a sentence');
  await widget.page.evaluate(() => {
    const body = document.createElement('body');
    body.append('Another page');
    document.documentElement.replaceChild(body, document.body);
  });
  expect(await widget.composer.inputValue()).toBe('half a sentence');
});

test('typing in the chat triggers none of the page’s hot keys', async () => {
  const widget = await world.visit(await world.device());
  await widget.page.evaluate(() => {
    Reflect.set(window, 'keys', []);
    document.addEventListener('keydown', (event) => Reflect.get(window, 'keys').push(event.key));
  });
  await widget.open();
  await widget.composer.pressSequentially('s/p');
  expect(await widget.page.evaluate(() => Reflect.get(window, 'keys'))).toEqual([]);
});
