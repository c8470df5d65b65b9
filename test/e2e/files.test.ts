/** Files and voice notes, from a customer on a bad network to the agent who opens them. */
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InboxPage } from '../support/pages/inbox-page.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { SOON } from '../support/patience.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let context: BrowserContext;
let widget: WidgetPage;
let sara: InboxPage;

beforeAll(async () => {
  const pages: Record<string, { csp?: string }> = {};
  world = await startWorld({ pages });
  const origin = world.server.url;
  // Strict, as the widget's README says.
  pages['/'] = {
    csp: `default-src 'none'; script-src ${origin}; connect-src ${origin}; img-src blob: data:; media-src blob:; require-trusted-types-for 'script'; trusted-types 'none'`,
  };
  sara = await world.agent('Sara');
  context = await world.device({ acceptDownloads: true });
  widget = await world.visit(context);
  await widget.open();
  await widget.send('My cup came broken.');
  await widget.message('My cup came broken.').waitFor();
});
afterAll(() => world?.close());

const attach = () => widget.button('Attach a file');
const ready = (name: string | RegExp): Locator =>
  widget.dialog.getByRole('listitem').filter({ hasText: name }).getByText('Ready to send');
const send = () => widget.button('Send').click();

/** A picture of this many pixels, noisy, so that it takes its bytes; with a place in its Exif. */
const picture = async (width: number, height: number): Promise<Buffer> => {
  const base64 = await widget.page.evaluate(
    async ([wide, high]) => {
      const canvas = new OffscreenCanvas(wide, high);
      const drawing = canvas.getContext('2d');
      if (!drawing) throw new Error('no canvas');
      for (let n = 0; n < 4000; n += 1) {
        drawing.fillStyle = `hsl(${n % 360} 80% ${20 + (n % 60)}%)`;
        drawing.fillRect(Math.random() * wide, Math.random() * high, 80, 80);
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    [width, height] as const,
  );
  const jpeg = Buffer.from(base64, 'base64');
  const exif = Buffer.from('Exif\0\0GPS 30.0444 N 31.2357 E');
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
};

test('a large picture goes up over a network that cuts every other chunk, made smaller and without its place', async () => {
  const jpeg = await picture(4000, 3000);
  let chunks = 0;
  await context.route('**/uploads/*', (route) =>
    route.request().method() === 'PATCH' && chunks++ % 2 === 0
      ? route.abort('connectionreset')
      : route.continue(),
  );
  await attach().click();
  await widget.dialog
    .getByText(/Up to .*10.* files of .*20.* MB/)
    .first()
    .waitFor();
  await widget.dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'cup.JPG', mimeType: 'image/jpeg', buffer: jpeg });
  await ready('cup.jpg').waitFor();
  await context.unroute('**/uploads/*');
  expect(chunks).toBeGreaterThan(2);
  await widget.composer.fill('This one.');
  await send();
  const message = widget.message('This one.');
  await message
    .getByRole('button', { name: /View .*cup.jpg/ })
    .locator('img')
    .waitFor();
  await expect.poll(() => attach().getAttribute('aria-expanded'), SOON).toBe('false');

  await sara.page.getByRole('listitem').filter({ hasText: '📷' }).getByRole('link').first().click();
  const shown = sara.page.getByRole('img', { name: 'cup.jpg' });
  await shown.waitFor();
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth), SOON).toBe(2048);
  const download = sara.page.waitForEvent('download');
  await sara.page.getByRole('button', { name: /Download .*cup.jpg/ }).click();
  const saved = await readFile(await (await download).path());
  expect(saved.length).toBeLessThan(jpeg.length);
  expect(saved.includes('Exif')).toBe(false);
});

test('what is too large, or of another kind, is refused before a byte is sent, with the limit', async () => {
  const asked: string[] = [];
  widget.page.on('request', (request) => asked.push(request.url()));
  await attach().click();
  await widget.dialog.locator('input[type=file]').setInputFiles([
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<script>') },
    { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(20 * 1024 ** 2 + 1) },
  ]);
  await widget.dialog
    .getByText(/page\.html.*files of this kind cannot be sent/)
    .first()
    .waitFor();
  await widget.dialog
    .getByText(/film\.mp4.* is too large: at most .*20.* MB/)
    .first()
    .waitFor();
  expect(asked.filter((url) => url.includes('/uploads'))).toEqual([]);
  await attach().click();
});

/** What a person pastes or drops, as the browser hands it over. */
const hand = (kind: 'paste' | 'drop', name: string) =>
  widget.composer.evaluate(
    (field, [type, fileName]) => {
      const data = new DataTransfer();
      data.items.add(new File(['what was said'], fileName, { type: 'text/plain' }));
      const options = { bubbles: true, cancelable: true, composed: true };
      const event =
        type === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data });
      const over = new DragEvent('dragover', { ...options, dataTransfer: data });
      return [type === 'drop' && field.dispatchEvent(over), field.dispatchEvent(event)];
    },
    [kind, name] as const,
  );

test('files are pasted and dropped; one is taken out again; the rest goes without a word', async () => {
  expect(await hand('paste', 'pasted.txt')).toEqual([false, false]);
  expect(await hand('drop', 'dropped.txt')).toEqual([false, false]);
  await hand('paste', 'wrong.txt');
  await ready('wrong.txt').waitFor();
  await widget.button(/Remove .*wrong.txt/).click();
  await ready('pasted.txt').waitFor();
  await ready('dropped.txt').waitFor();
  await send();
  const download = widget.page.waitForEvent('download');
  await widget.button(/Download .*dropped.txt/).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe('what was said');
  expect(await widget.button(/Download .*pasted.txt/).count()).toBe(1);
  expect(await widget.button(/wrong.txt/).count()).toBe(0);
});

test('pictures are looked at by keyboard: arrows, Escape, and back to where one was', async () => {
  await attach().click();
  await widget.dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'second.png', mimeType: 'image/jpeg', buffer: await picture(300, 200) });
  await ready(/second/).waitFor();
  await send();
  const opener = widget.button(/View .*cup.jpg/);
  await opener.focus();
  await widget.page.keyboard.press('Enter');
  const box = widget.page.getByRole('dialog', { name: 'cup.jpg' });
  await box.getByRole('img', { name: 'cup.jpg' }).waitFor();
  await widget.page.keyboard.press('ArrowRight');
  await widget.page
    .getByRole('dialog', { name: /second/ })
    .getByRole('img', { name: /second/ })
    .waitFor();
  await widget.page.keyboard.press('Escape');
  await expect.poll(() => widget.page.getByRole('dialog').count(), SOON).toBe(1);
  const focused = await opener.evaluate((button) => {
    const root = button.getRootNode();
    return root instanceof ShadowRoot && root.activeElement === button;
  });
  expect(focused).toBe(true);
});

test('a voice note is recorded, heard before it is sent, and played by the agent', async () => {
  await widget.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      const sound = new AudioContext();
      const tone = sound.createOscillator();
      const out = sound.createMediaStreamDestination();
      tone.connect(out);
      tone.start();
      return out.stream;
    };
  });
  await attach().click();
  await widget.button('Record a voice note').click();
  await widget.dialog.getByText('0:01', { exact: false }).waitFor();
  await widget.button('Done').click();
  await ready('Voice note').waitFor();
  await widget.dialog.locator('.tray audio').waitFor();
  await send();
  await widget.button(/Play .*Voice note/).waitFor();
  await sara.button(/Play .*Voice note/).click();
  await expect
    .poll(() => sara.page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.readyState), SOON)
    .toBeGreaterThan(0);
});

test('nothing on the way went wrong in a page, nor against its policy', () => {
  expect(world.pageErrors).toEqual([]);
});
