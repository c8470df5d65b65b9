/** The chat in an element of the page, behind the page's own launchers, greeting by itself, and of several brands at once. */
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrandPage } from '../support/brand-site.ts';
import { SOON } from '../support/patience.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let app: string;
let otherKey: string;
const pages: Record<string, BrandPage> = { '/': {} };

/** An application with the package, as any bundler makes it. */
const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "import { createWidget } from './packages/widget/dist/index.js'; globalThis.createWidget = createWidget;",
      resolveDir: join(import.meta.dirname, '../..'),
    },
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
};

beforeAll(async () => {
  world = await startWorld({ pages });
  const extras = `<script type="module" src="${world.server.url}/widget/extras.js"></script>`;
  pages['/contact'] = {
    attributes: 'data-mode="inline"',
    body: '<div style="height:560px"><continuo-chat></continuo-chat></div><p style="height:2000px">Our shops</p>',
  };
  pages['/own'] = {
    head: extras,
    attributes: 'data-launcher="hidden"',
    body: '<button data-continuo-open>Ask us</button> <a href="#continuo-open">Chat</a>',
  };
  pages['/checkout'] = {
    head: `<script>ContinuoSettings = { greetings: [{ path: '/check*', afterSeconds: 1, text: 'Questions about the delivery?' }] }</script>${extras}`,
  };
  const workspace = await world.server.command(['workspace', 'add', '--name', 'Stratus Tea']);
  const channel = await world.server.command([
    'channel',
    'add',
    'web',
    '--workspace',
    workspace.split('\n')[0] ?? '',
    '--name',
    'Tea',
  ]);
  otherKey = channel.split('\n')[0] ?? '';
  app = await bundle();
});
afterAll(() => world?.close());

/** What the page heard of the chat's events. */
const hear = (page: Page, names: string[]) =>
  page.evaluate((names) => {
    const heard: string[] = [];
    Reflect.set(window, 'heard', heard);
    for (const name of names) document.addEventListener(`continuo:${name}`, () => heard.push(name));
  }, names);
const heard = (page: Page) => page.evaluate(() => Reflect.get(window, 'heard'));

test('inline the chat is part of the page: no launcher, no dialog, no focus taken, no scroll trapped', async () => {
  const { page } = await world.visit(await world.device(), '/contact');
  const group = page.getByRole('group');
  await group.waitFor();
  const place = await page.locator('div:has(> continuo-chat)').boundingBox();
  expect(await group.boundingBox()).toEqual(place);
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.getByRole('button', { name: /open chat|close/i }).count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await hear(page, ['sent']);
  await group.getByRole('textbox', { name: 'Message' }).fill('Where is your shop?');
  await page.keyboard.press('Enter');
  await group.getByText('Sent').waitFor();
  await expect.poll(() => heard(page), SOON).toEqual(['sent']);
  await group.getByRole('log').hover();
  await page.mouse.wheel(0, 400);
  await expect.poll(() => page.evaluate(() => scrollY), SOON).toBeGreaterThan(100);
});

test('inline on a phone the page stays usable, and "back" is the page’s', async () => {
  const context = await world.device({ viewport: { width: 360, height: 640 } });
  const { page } = await world.visit(context, '/contact');
  await page.getByRole('group').waitFor();
  expect(await page.evaluate(() => document.body.inert)).toBe(false);
  expect(await page.evaluate(() => history.state)).toBeNull();
  await page.getByRole('button', { name: 'Add to basket' }).click();
  // On the next page it is the launcher's again, closed.
  await page.goto(world.brand.url);
  await page.getByRole('button', { name: 'Open chat' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test.each([
  ['button', 'Ask us'],
  ['link', 'Chat'],
] as const)('a %s of the page opens the chat and tells whether it is open', async (role, name) => {
  const { page, dialog, composer } = await world.visit(await world.device(), '/own');
  const launcher = page.getByRole(role, { name, expanded: false });
  await launcher.click();
  await dialog.waitFor();
  expect(await page.getByRole(role, { name, expanded: true }).count()).toBe(1);
  expect(new URL(page.url()).hash).toBe('');
  await composer.press('Escape');
  await launcher.waitFor();
  await expect.poll(() => launcher.evaluate((one) => one === document.activeElement), SOON).toBe(true);
});

test('a greeting comes after its time, takes no focus, asks no server, and comes once', async () => {
  const context = await world.device({ viewport: { width: 360, height: 640 } });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const { page, dialog, launcher } = await world.visit(context, '/checkout');
  const bubble = page.getByRole('status').getByRole('button', { name: 'Questions about the delivery?' });
  await bubble.waitFor();
  expect(asked.filter((url) => url.includes('/v1/'))).toEqual([]);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  const [above, below] = [await bubble.boundingBox(), await launcher.boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThan(below?.y ?? 0);
  expect(above?.height).toBeLessThan(200);
  await bubble.click();
  await dialog.waitFor();
  expect(await bubble.count()).toBe(0);
  const again = await context.newPage();
  await again.goto(`${world.brand.url}/checkout`);
  await again.waitForLoadState('networkidle');
  expect(await again.getByRole('status').count()).toBe(0);
  expect(world.pageErrors).toEqual([]);
});

test('two brands in one page are two conversations, which share nothing', async () => {
  const context = await world.device();
  const page = await context.newPage();
  await page.goto(world.brand.url);
  await page.getByRole('button', { name: 'Open chat' }).waitFor();
  await page.evaluate(app);
  await page.evaluate(
    ({ channel, baseUrl }) => {
      document.body.insertAdjacentHTML('beforeend', '<div id="tea" style="height:500px;width:400px"></div>');
      const element = document.querySelector('#tea');
      Reflect.get(window, 'createWidget')({ channel, baseUrl, mode: 'inline', element });
    },
    { channel: otherKey, baseUrl: `${world.server.url}/` },
  );
  const tea = page.getByRole('group');
  await tea.waitFor();
  await page.getByRole('button', { name: 'Open chat' }).click();
  const coffee = page.getByRole('dialog');
  const composer = coffee.getByRole('textbox', { name: 'Message' });
  const isFocused = (one: Element) => (one.getRootNode() as ShadowRoot).activeElement === one;
  // Opened by a press, it takes the focus when it is there.
  await expect.poll(() => composer.evaluate(isFocused), SOON).toBe(true);
  for (const [chat, text] of [
    [tea, 'Green or black?'],
    [coffee, 'Filter or espresso?'],
  ] as const) {
    await chat.getByRole('textbox', { name: 'Message' }).fill(text);
    await chat.getByRole('textbox', { name: 'Message' }).press('Enter');
    await chat.getByText('Sent').waitFor();
  }
  expect(await tea.getByRole('article').allInnerTexts()).toEqual([
    expect.stringContaining('Green or black?'),
  ]);
  expect(await coffee.getByRole('article').allInnerTexts()).toEqual([expect.stringContaining('Filter')]);
  expect(await coffee.getByRole('heading', { name: 'Nimbus Coffee' }).count()).toBe(1);
  expect(await tea.getByRole('heading', { name: 'Stratus Tea' }).count()).toBe(1);
  const kept = () => page.evaluate(() => Object.keys(localStorage).sort());
  await expect.poll(kept, SOON).toEqual([`continuo:${world.channelKey}`, `continuo:${otherKey}`].sort());
  // The tag's own commands mean the tag's own chat.
  await page.evaluate(() => Reflect.get(window, 'Continuo')?.('close'));
  await coffee.waitFor({ state: 'detached' });
  expect(await tea.isVisible()).toBe(true);
  expect(world.pageErrors).toEqual([]);
});
