/** Every example that puts the widget into a page: it opens, writes, is answered, and follows what its page does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Demo, startDemo } from '../../examples/demo/run.ts';
import { launchChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { type InboxPage, inboxPage } from '../support/pages/inbox-page.ts';
import { type WidgetPage, widgetPage } from '../support/pages/widget-page.ts';
import { SOON } from '../support/patience.ts';

let dataDir: string;
let demo: Demo;
let browser: Browser;
let omar: InboxPage;
const errors: string[] = [];

const open = async (url: string): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(SOON.timeout);
  context.on('weberror', (error) => errors.push(String(error.error())));
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(url);
  return page;
};
const example = async (name: string): Promise<WidgetPage> =>
  widgetPage(await open(`${demo.url}/examples/${name}/`));

/** Opens the chat by the page's own button, writes, is answered while it is closed, and waits until the page says so. */
const talk = async (
  widget: WidgetPage,
  { text, saysUnread }: { text: string; saysUnread(): Promise<void> },
) => {
  const { page } = widget;
  await page.getByRole('button', { name: /^Ask us/ }).click();
  await widget.dialog.waitFor();
  await widget.send(text);
  await omar.page.getByText(text).first().click();
  await omar.message(text).waitFor();
  await widget.button('Close chat').click();
  await omar.reply(`An answer to ${text}`);
  await saysUnread();
  await page.getByRole('button', { name: /^Ask us/ }).click();
  await widget.message(`An answer to ${text}`).waitFor();
};

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'continuo-examples-'));
  demo = await startDemo({
    PORT: '0',
    CONTINUO_DATA_DIR: dataDir,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_RATE_LIMITS: 'false',
  });
  browser = await launchChromium();
  const page = await open(`${demo.url}/agents`);
  await page.getByRole('button', { name: /Omar/ }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  omar = inboxPage(page);
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
  await rm(dataDir, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

for (const name of ['plain-script', 'npm']) {
  test(`${name}: a button of the page opens the chat, and the title counts what waits`, async () => {
    const widget = await example(name);
    await talk(widget, {
      text: `Hello from ${name}`,
      saysUnread: () => expect.poll(() => widget.page.title(), SOON).toBe('(1) Nimbus Coffee'),
    });
  });
}

for (const name of ['vue', 'svelte']) {
  test(`${name}: the page shows what waits, and sets the chat’s language`, async () => {
    const widget = await example(name);
    await talk(widget, {
      text: `Hello from ${name}`,
      saysUnread: () => widget.page.getByRole('button', { name: 'Ask us (1 new)' }).waitFor(),
    });
    await widget.page.getByLabel('Language').selectOption('ar');
    await widget.page.locator('continuo-chat[lang="ar"]').waitFor();
    await widget.message(`An answer to Hello from ${name}`).waitFor();
  });
}

test('turbo: chat and draft stay while Turbo Drive goes to another page', async () => {
  const widget = await example('turbo');
  const { page } = widget;
  await page.evaluate(() => Reflect.set(window, 'isSamePage', true));
  await widget.open();
  await widget.composer.fill('half a sentence');
  for (const [link, heading] of [
    ['Your order', 'Your order'],
    ['Beans', 'Beans'],
  ] as const) {
    await page.getByRole('link', { name: link }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
    expect(await widget.composer.inputValue()).toBe('half a sentence');
    expect(await widget.dialog.isVisible()).toBe(true);
  }
  expect(await page.evaluate(() => Reflect.get(window, 'isSamePage'))).toBe(true);
  expect(await page.locator('continuo-chat').count()).toBe(1);
});

test('react-ssr: the server draws the page, the browser takes it over, and the chat is in it', async () => {
  const port = await freePort();
  const shop = await (await fetch(`${demo.url}/shop`)).text();
  const channel = /data-channel="(web_[^"]+)"/.exec(shop)?.[1] ?? '';
  const server: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../examples/react-ssr/dist/server.js')],
    { env: { PORT: String(port), CHAT_URL: `${demo.url}/`, CHAT_CHANNEL: channel } },
  );
  try {
    const url = await new Promise<string>((resolve) =>
      server.stdout?.once('data', (line) => resolve(`${line}`)),
    );
    const html = await (await fetch(url.trim())).text();
    expect(html).toContain('Ask us');
    expect(html).not.toContain('<continuo-chat');
    const widget = widgetPage(await open(url.trim()));
    await talk(widget, {
      text: 'Hello from react-ssr',
      saysUnread: () => widget.page.getByRole('button', { name: 'Ask us (1 new)' }).waitFor(),
    });
    expect(await widget.page.locator('continuo-chat').count()).toBe(1);
  } finally {
    server.kill();
  }
});
