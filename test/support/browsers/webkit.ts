import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Builder, Capabilities, Key, Origin, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../free-port.ts';
import { type KeyName, missing, type Tab, type TestBrowser } from './browser.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const XVFB = '/usr/bin/Xvfb';
const REMEDY = 'Install it on Debian: apt-get install webkit2gtk-driver xvfb';

/** The small browser that comes with WebKitGTK's driver, in a folder named after the machine's architecture. */
const findMiniBrowser = (): string => {
  for (const folder of existsSync('/usr/lib') ? readdirSync('/usr/lib') : []) {
    for (const version of ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']) {
      const path = join('/usr/lib', folder, version, 'MiniBrowser');
      if (existsSync(path)) return path;
    }
  }
  throw missing('WebKitGTK’s MiniBrowser', REMEDY);
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
};

/** A screen that nobody sees; it has chosen its own number. */
const startScreen = async (): Promise<{ display: string; close(): Promise<void> }> => {
  const screen = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
  const child = spawn(XVFB, screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = child.stdio[3];
  if (!number) throw new Error('Xvfb tells nothing');
  const [told] = await Promise.race([once(number, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) throw new Error(`Xvfb ended with ${child.exitCode}`);
  return { display: `:${String(told).trim()}`, close: () => end(child) };
};

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** A driver serves one browser at a time, so each device has one of its own. */
const startDriver = async (display: string): Promise<{ url: string; close(): Promise<void> }> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], {
    env: { ...process.env, DISPLAY: display, LANG: 'en_GB.UTF-8', LANGUAGE: 'en' },
    stdio: 'ignore',
  });
  while (!(await answers(`${url}/status`))) {
    if (child.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { url, close: () => end(child) };
};

const KEYS: Record<KeyName, string> = {
  Tab: Key.TAB,
  Enter: Key.ENTER,
  Escape: Key.ESCAPE,
  ArrowUp: Key.ARROW_UP,
};

const tabOf = (driver: WebDriver, close: () => Promise<void>): Tab => ({
  goto: (url) => driver.get(url),
  reload: () => driver.navigate().refresh(),
  run: (script, ...given) => driver.executeScript(script, ...given),
  clickAt: ({ x, y }) =>
    driver
      .actions()
      .move({ x: Math.round(x), y: Math.round(y), origin: Origin.VIEWPORT })
      .click()
      .perform(),
  press: (key) => driver.actions().sendKeys(KEYS[key]).perform(),
  type: (text) => driver.actions().sendKeys(text).perform(),
  screenshot: async () => Buffer.from(await driver.takeScreenshot(), 'base64'),
  setOffline: null,
  close,
});

/** WebKitGTK over WebDriver, on a screen that nobody sees. */
export const launchWebKit = async (): Promise<TestBrowser> => {
  for (const program of [DRIVER, XVFB]) if (!existsSync(program)) throw missing(program, REMEDY);
  const binary = findMiniBrowser();
  const screen = await startScreen();
  return {
    name: 'webkit',
    async device() {
      const { url, close } = await startDriver(screen.display);
      const capabilities = new Capabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      });
      const driver = await new Builder().usingServer(url).withCapabilities(capabilities).build();
      return tabOf(driver, async () => {
        await driver.quit();
        await close();
      });
    },
    close: screen.close,
  };
};
