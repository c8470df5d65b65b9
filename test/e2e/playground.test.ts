/** The playground: options change the chat, buttons its state, and what it gives to copy works elsewhere. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Demo, startDemo } from '../../examples/demo/run.ts';
import { launchChromium } from '../support/chromium.ts';
import { widgetPage } from '../support/pages/widget-page.ts';
import { SOON } from '../support/patience.ts';

let dataDir: string;
let demo: Demo;
let browser: Browser;
const errors: string[] = [];

const device = async (width = 1280): Promise<BrowserContext> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width, height: 800 } });
  context.setDefaultTimeout(SOON.timeout);
  context.on('weberror', (error) => errors.push(String(error.error())));
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.url });
  return context;
};
const playground = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(`${demo.url}/examples/playground/`);
  await page.locator('continuo-chat').waitFor({ state: 'attached' });
  return page;
};
const launcherColour = (page: Page) =>
  page
    .locator('continuo-chat button')
    .first()
    .evaluate((button) => getComputedStyle(button).backgroundColor);

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'continuo-playground-'));
  demo = await startDemo({ PORT: '0', CONTINUO_DATA_DIR: dataDir, CONTINUO_LOG_LEVEL: 'silent' });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('language and accent change the chat, and the copied tag does the same on a blank page', async () => {
  const context = await device();
  const page = await playground(context);
  await page.getByLabel('Language').selectOption('ar');
  await page.locator('continuo-chat[lang="ar"]').waitFor({ state: 'attached' });
  await page.getByLabel('Accent').fill('#b00020');
  await expect.poll(() => launcherColour(page), SOON).toBe('rgb(176, 0, 32)');
  await page.getByLabel('Page direction').selectOption('rtl');
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied.').waitFor();
  const tag = await page.evaluate(() => navigator.clipboard.readText());
  expect(tag).toContain('data-locale="ar" data-accent="#b00020"');
  expect(tag).not.toContain('data-theme');

  const blank = await context.newPage();
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html><head><title>Blank</title>${tag}</head><body></body></html>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void site.close());
  const address = site.address();
  await blank.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  await blank.locator('continuo-chat[lang="ar"] button').first().click();
  await blank.getByRole('dialog').getByRole('textbox').waitFor();
  await blank.keyboard.press('Escape');
  await expect.poll(() => launcherColour(blank), SOON).toBe('rgb(176, 0, 32)');
  expect(errors).toEqual([]);
});

test('each framework has its snippet, chosen by keyboard', async () => {
  const page = await playground(await device());
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByRole('radio', { name: 'Script tag' }).focus();
  for (const word of ['createWidget', '@continuo/widget/react', '/vue', '/svelte']) {
    await page.keyboard.press('ArrowRight');
    const code = page.locator('#code');
    await code.filter({ hasText: word }).waitFor();
    expect(await code.textContent()).toContain('dark');
  }
});

test('buttons put the chat into its states', async () => {
  const page = await playground(await device());
  const widget = widgetPage(page);
  const state = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByText(`State: ${name}.`).waitFor();
  };
  await state('Conversation');
  await widget.message('Where is my order?').waitFor();
  await widget.message('Tomorrow it is with you.').waitFor();
  await state('Offline');
  await widget.dialog.getByText(/^You are offline/).waitFor();
  expect(errors).toEqual([]);
});

test('it is accessible, and fits on a phone', async () => {
  const page = await playground(await device(360));
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});
