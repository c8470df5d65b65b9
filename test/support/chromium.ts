import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const lacksLibraries = (executable: string) => {
  try {
    return execFileSync('ldd', [executable], { encoding: 'utf8' }).includes('not found');
  } catch {
    return false;
  }
};

/** The Chromium that npm brought (Linux), with the libraries it brings for machines that lack them. */
const fromNpm = async (): Promise<{ executable: string; libraries: string | null } | null> => {
  if (process.platform !== 'linux') return null;
  const { default: packaged, inflate } = await import('@sparticuz/chromium');
  const executable = await packaged.executablePath();
  if (!lacksLibraries(executable)) return { executable, libraries: null };
  const bin = join(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin');
  await inflate(join(bin, 'al2023.tar.br'));
  return { executable, libraries: join(tmpdir(), 'al2023', 'lib') };
};

/**
 * Where a Chromium is: `CONTINUO_CHROMIUM`, the one from npm, or an installed one, in this order.
 * @throws Error that says what to install, so that no test is ever skipped for want of a browser
 */
export const findChromium = async (): Promise<{ executable: string; libraries: string | null }> => {
  const chosen = process.env.CONTINUO_CHROMIUM;
  if (chosen) return { executable: chosen, libraries: null };
  const found = await fromNpm().catch((error: unknown) => {
    process.stderr.write(`The Chromium from npm does not start here: ${String(error)}\n`);
    return null;
  });
  if (found) return found;
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return { executable: installed, libraries: null };
  throw new Error(
    'The end-to-end tests need a Chromium and found none. Install one (Debian: apt-get install chromium) or set CONTINUO_CHROMIUM to its path.',
  );
};

/** Starts Chromium with an empty profile and nothing of its own on the network. */
export const launchChromium = async (): Promise<Browser> => {
  const { executable, libraries } = await findChromium();
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
    ...(libraries ? { env: { ...process.env, LD_LIBRARY_PATH: libraries } } : {}),
  });
};

/** A device: its own profile on disk, so that storage survives a restart of the browser. */
export const openDevice = async (
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; close(): Promise<void> }> => {
  const { executable, libraries } = await findChromium();
  const profile = mkdtempSync(join(tmpdir(), 'continuo-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
    ...(libraries ? { env: { ...process.env, LD_LIBRARY_PATH: libraries } } : {}),
    ...options,
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, close };
};
