/** `npm start`: one command starts everything, a second start finds everything, Ctrl-C ends it; and every example works. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { compiled } from '../support/compiled.ts';
import { inboxPage } from '../support/pages/inbox-page.ts';
import { widgetPage } from '../support/pages/widget-page.ts';
import { SOON } from '../support/patience.ts';
import { freePort } from '../support/server-process.ts';

const START = join(import.meta.dirname, '../../examples/demo/start.ts');
const ROOT = join(import.meta.dirname, '../..');

interface Demo {
  url: string;
  printed: string;
  interrupt(): Promise<number | null>;
}

let dataDir: string;
let port: number;
let running: ChildProcess | null = null;
let browser: Browser;

const start = async (): Promise<Demo> => {
  const child = spawn(process.execPath, ['--conditions=source', START], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...compiled(), PORT: String(port), CONTINUO_DATA_DIR: dataDir },
  });
  running = child;
  let printed = '';
  child.stdout.on('data', (data) => (printed += data));
  child.stderr.on('data', (data) => (printed += data));
  await expect.poll(() => printed, SOON).toContain('/shop');
  return {
    url: `http://localhost:${port}`,
    printed,
    async interrupt() {
      const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      running = null;
      return code;
    },
  };
};

const open = async (url: string): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(SOON.timeout);
  const page = await context.newPage();
  await page.goto(url);
  return page;
};

const enter = async (demo: Demo, name: RegExp) => {
  const page = await open(`${demo.url}/agents`);
  await page.getByRole('button', { name }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  return inboxPage(page);
};

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'continuo-demo-'));
  port = await freePort();
});
afterEach(async () => {
  running?.kill('SIGKILL');
  running = null;
  await rm(dataDir, { recursive: true, force: true });
});

test('prints three addresses; the journey works on them; a second start finds it all; Ctrl-C ends cleanly', async () => {
  const demo = await start();
  expect(demo.printed.match(/http:\/\/localhost:\d+\/\S+/g)).toHaveLength(3);

  const sara = await enter(demo, /Sara/);
  const phone = await open(`${demo.url}/phone/`);
  await phone
    .getByRole('link', { name: /Daniel/ })
    .or(phone.getByRole('button', { name: /Daniel/ }))
    .first()
    .click();
  await phone.getByRole('textbox').last().fill('The grinder is broken.');
  await phone.getByRole('textbox').last().press('Enter');
  await sara.openConversation('Daniel');
  await sara.button('Continue on our site').click();
  await phone
    .getByRole('link', { name: /Continue/ })
    .or(phone.getByRole('button', { name: /Continue/ }))
    .first()
    .click();
  const widget = widgetPage(phone);
  await widget.dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await widget.message('The grinder is broken.').waitFor();
  expect(await demo.interrupt()).toBe(0);

  const again = await start();
  await phone.goto(`${again.url}/shop`);
  await widget.message('The grinder is broken.').waitFor();
  await sara.page.goto(`${again.url}/inbox/`);
  await sara.openConversation('Daniel');
  await sara.message('The grinder is broken.').waitFor();
  expect(await again.interrupt()).toBe(0);
});

test('a port that is taken is named', async () => {
  const demo = await start();
  const second = spawn(process.execPath, ['--conditions=source', START], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...compiled(), PORT: String(port), CONTINUO_DATA_DIR: dataDir },
  });
  let complaint = '';
  second.stderr.on('data', (data) => (complaint += data));
  const code = await new Promise<number | null>((resolve) => second.once('close', resolve));
  expect(code).toBe(1);
  expect(complaint).toContain(String(port));
  await demo.interrupt();
});

for (const example of ['own-ui', 'react']) {
  test(`the example ${example} writes, is answered, and resumes after a reload`, async () => {
    const demo = await start();
    const omar = await enter(demo, /Omar/);
    const page = await open(`${demo.url}/examples/${example}/`);
    await page.getByRole('textbox', { name: 'Message' }).fill(`Hello from ${example}`);
    await page.getByRole('button', { name: 'Send' }).click();
    await omar.openConversation('Unnamed customer');
    await omar.message(`Hello from ${example}`).waitFor();
    await omar.reply('Hello to you.');
    await page.getByText('Hello to you.').waitFor();
    await page.reload();
    await page.getByText('Hello to you.').waitFor();
    await demo.interrupt();
  });
}
