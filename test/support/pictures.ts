/** Draws the pictures of the documents: `npm run pictures`. Walks the journey on the demo and photographs it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Demo, startDemo } from '../../examples/demo/run.ts';
import { launchChromium } from './chromium.ts';

const FOLDER = join(import.meta.dirname, '../../docs/pictures');
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 };
const DESK = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 };

const open = async (browser: Browser, url: string, options: BrowserContextOptions): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(url);
  return page;
};

const shoot = (page: Page, name: string) => page.screenshot({ path: join(FOLDER, `${name}.png`) });

/** Several pages side by side on one picture. */
const sideBySide = async (browser: Browser, pages: readonly Page[], name: string) => {
  const shots = await Promise.all(pages.map((page) => page.screenshot()));
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`).join('');
  const sheet = await open(browser, 'about:blank', {
    viewport: { width: 1240, height: 860 },
    deviceScaleFactor: 2,
  });
  await sheet.setContent(
    `<style>body{margin:0;height:860px;display:flex;gap:40px;justify-content:center;align-items:center;background:#eceae4}
    img{height:780px;border-radius:28px;box-shadow:0 12px 40px #0003}</style>${images}`,
  );
  await shoot(sheet, name);
};

const walk = async (browser: Browser, { url }: Demo) => {
  const inbox = await open(browser, `${url}/agents`, DESK);
  await inbox.getByRole('button', { name: /Sara/ }).click();
  await inbox.getByRole('navigation', { name: 'Conversations' }).waitFor();

  const phone = await open(browser, `${url}/phone/`, PHONE);
  await phone
    .getByRole('button', { name: /Daniel/ })
    .or(phone.getByRole('link', { name: /Daniel/ }))
    .first()
    .click();
  const message = phone.getByRole('textbox').last();
  await message.fill('Hi! Order 4711 came with the wrong beans: decaf.');
  await message.press('Enter');

  await inbox
    .getByRole('link', { name: /Daniel/ })
    .first()
    .click();
  const reply = inbox.getByRole('textbox', { name: 'Reply' });
  await reply.fill('I am sorry, Daniel. Let us sort this out on our site: I can show you the order there.');
  await reply.press('Enter');
  await inbox.getByRole('button', { name: 'Continue on our site' }).click();

  const button = phone
    .getByRole('button', { name: /Continue/ })
    .or(phone.getByRole('link', { name: /Continue/ }));
  await button.first().waitFor();
  const before = await open(browser, 'about:blank', PHONE);
  await before.close();
  const thread = await phone.screenshot();
  await button.first().click();
  await phone.getByRole('button', { name: 'Not me' }).waitFor();
  await shoot(phone, 'question');
  await phone.getByRole('button', { name: 'Continue', exact: true }).click();
  await phone.getByText('wrong beans').waitFor();
  const composer = phone.getByRole('textbox', { name: 'Message' });
  await composer.fill('Here I am. It was the Yirgacheffe that I wanted.');
  await composer.press('Enter');
  await inbox.getByText('Yirgacheffe').last().waitFor();
  await reply.fill('Found it. The right beans leave today, and the decaf is yours to keep.');
  await reply.press('Enter');
  await phone.getByText('yours to keep').waitFor();
  await shoot(inbox, 'inbox');
  await shoot(phone, 'widget');

  const messenger = await open(browser, 'about:blank', PHONE);
  await messenger.setContent(
    `<style>body,img{margin:0;display:block;width:390px}</style><img src="data:image/png;base64,${thread.toString('base64')}">`,
  );
  await sideBySide(browser, [messenger, phone], 'journey');
};

mkdirSync(FOLDER, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'continuo-pictures-'));
const demo = await startDemo({ ...process.env, PORT: '0', CONTINUO_DATA_DIR: dataDir });
const browser = await launchChromium();
try {
  await walk(browser, demo);
  const arabic = await open(browser, `${demo.url}/shop/ar`, { ...DESK, locale: 'ar' });
  await arabic.locator('continuo-chat').getByRole('button').first().click();
  await arabic.getByRole('dialog').waitFor();
  await shoot(arabic, 'widget-arabic');
} finally {
  await browser.close();
  await demo.close();
  rmSync(dataDir, { recursive: true, force: true });
}
