import { existsSync } from 'node:fs';
import puppeteer, { type KeyInput, type Page } from 'puppeteer-core';
import { missing, type Tab, type TestBrowser } from './browser.ts';

const INSTALLED = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

const findFirefox = (): string => {
  const found = process.env.CONTINUO_FIREFOX ?? INSTALLED.find((path) => existsSync(path));
  if (found) return found;
  throw missing(
    'Firefox',
    'Install it (Debian: apt-get install firefox-esr), or set CONTINUO_FIREFOX to its path',
  );
};

const tabOf = (page: Page, close: () => Promise<void>): Tab => ({
  async goto(url) {
    await page.goto(url);
  },
  async reload() {
    await page.reload();
  },
  run: <Result, Given extends (string | number)[]>(script: (...given: Given) => Result, ...given: Given) =>
    page.evaluate(`(${script})(...${JSON.stringify(given)})`) as Promise<Awaited<Result>>,
  clickAt: ({ x, y }) => page.mouse.click(x, y),
  press: (key) => page.keyboard.press(key satisfies KeyInput),
  type: (text) => page.keyboard.type(text),
  screenshot: () => page.screenshot(),
  setOffline: (offline) => page.setOfflineMode(offline),
  close,
});

/** Firefox over WebDriver BiDi, without a window. */
export const launchFirefox = async (): Promise<TestBrowser> => {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    headless: true,
    extraPrefsFirefox: { 'intl.accept_languages': 'en-GB' },
  });
  return {
    name: 'firefox',
    async device() {
      const context = await browser.createBrowserContext();
      return tabOf(await context.newPage(), () => context.close());
    },
    close: () => browser.close(),
  };
};
