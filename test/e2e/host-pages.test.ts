/** Pages that change under the chat: routers, morphs, re-hydration and transitions leave it and what is written in it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrandPage } from '../support/brand-site.ts';
import { bundle } from '../support/host-pages/bundle.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

const script = (content: string): BrandPage => ({ raw: { type: 'text/javascript', write: () => content } });

beforeAll(async () => {
  const [turbo, htmx, react, hotKeys] = await Promise.all(
    ['turbo.js', 'htmx.js', 'react-client.js', 'hot-keys.js'].map(bundle),
  );
  const transition = { head: '<style>@view-transition { navigation: auto }</style>' };
  const turboHead = `<script src="/turbo.js"></script>
<meta name="turbo-refresh-method" content="morph"><meta name="turbo-refresh-scroll" content="preserve">`;
  const boosted = (href: string) => ({
    head: '<script src="/htmx.js"></script>',
    body: `<a hx-boost="true" href="${href}">Next page</a>`,
  });
  const pages: Record<string, BrandPage> = {
    '/': {},
    '/turbo.js': script(turbo ?? ''),
    '/htmx.js': script(htmx ?? ''),
    '/react.js': script(react ?? ''),
    '/hot-keys.js': script(hotKeys ?? ''),
    '/turbo': { head: turboHead, body: '<a href="/turbo-2">Next page</a>' },
    '/turbo-2': { head: turboHead, body: '<p>The second</p>' },
    '/htmx': boosted('/htmx-2'),
    '/htmx-2': { ...boosted('/htmx'), body: '<p>The second</p>' },
    '/react': {
      raw: {
        type: 'text/html',
        write: ({ script, channel }) => {
          const props = JSON.stringify({ script, channel });
          return `<!doctype html><html lang="en"><head><meta charSet="utf-8"/><title>Nimbus Coffee</title></head><body><main><h1>home</h1></main><script async="" src="${script}" data-channel="${channel}"></script><script>document.cookie='widget='+JSON.stringify(${props})</script><script src="/react.js" async></script></body></html>`;
        },
      },
    },
    '/view': { ...transition, body: '<a href="/view-2">Next page</a>' },
    '/view-2': { ...transition, body: '<p>The second</p>' },
    '/keys': { body: '<script src="/hot-keys.js"></script>' },
  };
  world = await startWorld({ pages });
});
afterAll(() => world?.close());

const write = async (path: string): Promise<WidgetPage> => {
  const widget = await world.visit(await world.device(), path);
  await widget.open();
  await widget.send('The first words');
  await widget
    .message('The first words')
    .getByText(/^(Sent|Read)$/)
    .waitFor();
  await widget.composer.fill('half a sentence');
  await widget.composer.evaluate((field) => {
    field.setAttribute('data-same', '');
    field.focus();
  });
  return widget;
};

/** It is the very same field, with the same words, and one widget only. */
const expectSame = async (widget: WidgetPage) => {
  expect(await widget.composer.inputValue()).toBe('half a sentence');
  expect(await widget.composer.getAttribute('data-same')).toBe('');
  expect(await widget.page.locator('continuo-chat').count()).toBe(1);
  await widget.composer.fill('The second words');
  await widget.composer.press('Enter');
  await widget
    .message('The second words')
    .getByText(/^(Sent|Read)$/)
    .waitFor();
  expect(world.pageErrors).toEqual([]);
};

describe('the chat and what is written in it stay', () => {
  test('when Turbo Drive replaces the page', async () => {
    const widget = await write('/turbo');
    await widget.page.getByRole('link', { name: 'Next page' }).click();
    await widget.page.getByText('The second', { exact: true }).waitFor();
    await expectSame(widget);
  });

  test('when Turbo morphs the page', async () => {
    const widget = await write('/turbo');
    await widget.page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('turbo:render', resolve, { once: true });
          Reflect.get(window, 'Turbo').visit(location.href, { action: 'replace' });
        }),
    );
    await expectSame(widget);
  });

  test('when htmx boosts a link', async () => {
    const widget = await write('/htmx');
    await widget.page.getByRole('link', { name: 'Next page' }).click();
    await widget.page.getByText('The second', { exact: true }).waitFor();
    await expectSame(widget);
  });

  test('when React hydrates the whole document and mounts another <html>', async () => {
    const widget = await write('/react');
    await widget.page.waitForFunction(() => Reflect.get(window, 'setLanguage'));
    await widget.page.evaluate(() => Reflect.get(window, 'setPath')('about'));
    await widget.page.getByRole('heading', { name: 'about' }).waitFor();
    await widget.page.evaluate(() => Reflect.get(window, 'setLanguage')('en-GB'));
    await expect.poll(() => widget.page.evaluate(() => document.documentElement.lang)).toBe('en-GB');
    await widget.composer.waitFor();
    await expectSame(widget);
  });

  test('when a view transition replaces the body', async () => {
    const widget = await write('/view');
    await widget.page.evaluate(async () => {
      const { finished } = document.startViewTransition(() => {
        const body = document.createElement('body');
        body.append('Another page');
        document.documentElement.replaceChild(body, document.body);
      });
      await finished;
    });
    await expectSame(widget);
  });
});

test('a view transition to another document takes the conversation and the open chat along', async () => {
  const widget = await write('/view');
  await widget.page.getByRole('link', { name: 'Next page' }).click();
  await widget.page.getByText('The second', { exact: true }).waitFor();
  await widget.message('The first words').waitFor();
  await expect.poll(() => widget.composer.inputValue()).toBe('half a sentence');
});

test('a page drawn ahead of its visit asks for nothing, and has the chat once it is visited', async () => {
  const context = await world.device();
  // This Chromium fetches ahead but draws nothing ahead, so the page is told that it does.
  await context.addInitScript(() => {
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
  });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const widget = await world.visit(context);
  await widget.page.waitForFunction(() => window.Continuo?.push);
  await widget.page.waitForLoadState('networkidle');
  expect(asked.filter((url) => url.startsWith(world.server.url))).toHaveLength(1);
  expect(await widget.page.locator('continuo-chat').count()).toBe(0);
  await widget.page.evaluate(() => {
    Object.defineProperty(document, 'prerendering', { value: false });
    document.dispatchEvent(new Event('prerenderingchange'));
  });
  await widget.open();
  await widget.composer.waitFor();
});

test('writing in the chat presses none of the page’s hot keys, and beside it they work', async () => {
  const widget = await world.visit(await world.device(), '/keys');
  const pressed = () => widget.page.evaluate(() => Reflect.get(window, 'pressed'));
  await widget.open();
  await widget.composer.pressSequentially('skgi/n?yeet');
  expect(await widget.composer.inputValue()).toBe('skgi/n?yeet');
  expect(await pressed()).toEqual([]);
  await widget.button('Close chat').first().click();
  await widget.page.locator('h1').click();
  await widget.page.keyboard.press('k');
  await widget.page.keyboard.press('s');
  expect(await pressed()).toEqual(['tinykeys k', 'hotkey s']);
});
