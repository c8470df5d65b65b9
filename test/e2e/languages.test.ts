/** The widget in each of its languages, on a narrow phone: direction, room, letters, and the way to another language. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

const LANGUAGES = [
  { lang: 'en', locale: 'en-GB', dir: 'ltr', own: 'English', sample: 'Ŕéĝúļąŗ Åñgstrøm gjpqy' },
  { lang: 'ar', locale: 'ar-EG', dir: 'rtl', own: 'العربية', sample: 'السَّلامُ عَلَيْكُمْ إِنَّ اللُّغَةَ' },
  { lang: 'fa', locale: 'fa-IR', dir: 'rtl', own: 'فارسی', sample: 'می‌خواهم نامه‌ها را ببینم' },
  { lang: 'hi', locale: 'hi-IN', dir: 'ltr', own: 'हिन्दी', sample: 'क्षत्रिय र्द्ध्र्यूँ ज्ञानी ड़ॉक्टर' },
  { lang: 'he', locale: 'he-IL', dir: 'rtl', own: 'עברית', sample: 'שָׁלוֹם לְכֻלָּם, מַה שְּׁלוֹמְכֶם' },
] as const;

let world: World;

beforeAll(async () => {
  const pages = LANGUAGES.map(({ lang, dir }) => [`/${lang}`, { lang, dir }] as const);
  world = await startWorld({ pages: Object.fromEntries(pages) });
});
afterAll(() => world?.close());

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true } as const;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const violations = async (page: Page) => {
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
};

/** What reaches out of the dialog sideways, or is cut by its own box. */
const cut = (dialog: Locator) =>
  dialog.evaluate((root) => {
    const { left, right } = root.getBoundingClientRect();
    return [...root.querySelectorAll<HTMLElement>('*')]
      .filter((element) => !element.closest('.hidden, svg') && element.getClientRects().length > 0)
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const { overflowX, overflowY } = getComputedStyle(element);
        const wide = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
        const tall = overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1;
        return wide || tall || box.left < left - 1 || box.right > right + 1;
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });

/** Where the ink of a tall text reaches further than into the free space of the next line, a tenth of the letters' size. */
const tooTall = (dialog: Locator, sample: string) =>
  dialog.evaluate((root, text) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    return ['h2', '.presence', '.greeting', 'textarea'].flatMap((selector) => {
      const element = root.querySelector(selector);
      if (!canvas || !element) return [`no ${selector}`];
      const { fontWeight, fontSize, fontFamily, lineHeight } = getComputedStyle(element);
      const room = Number.parseFloat(lineHeight) + 0.2 * Number.parseFloat(fontSize);
      canvas.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = canvas.measureText(text);
      return above + below > room ? [`${selector}: ${above + below} of ${lineHeight}`] : [];
    });
  }, sample);

describe.each(LANGUAGES)('$lang', ({ lang, locale, dir, own, sample }) => {
  test('the panel, the menu and the choice of language', async () => {
    const context = await world.device({ locale, reducedMotion: 'reduce', ...PHONE });
    const { page, dialog } = await world.visit(context, `/${lang}`);
    const host = page.locator('continuo-chat');
    await host.getByRole('button').click();
    const field = dialog.getByRole('textbox');
    await field.waitFor();
    expect(await host.getAttribute('dir')).toBe(dir);
    expect(await dialog.evaluate((element) => getComputedStyle(element).direction)).toBe(dir);

    await field.fill(`${sample}\nNimbus 4711 – https://nimbus.example/a`);
    await field.press('Enter');
    const bubble = dialog.getByRole('article').locator('.bubble');
    await bubble.waitFor();
    // Nothing invisible is lost on the way: a ZWNJ is a letter of the word.
    expect(await bubble.locator('p').allTextContents()).toEqual([
      sample,
      'Nimbus 4711 – https://nimbus.example/a',
    ]);
    await dialog.locator('.tick').first().waitFor();
    await page.reload();
    await host.getByRole('button').click();
    await expect.poll(() => bubble.locator('p').first().textContent()).toBe(sample);

    expect(await cut(dialog)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    const side = () =>
      bubble.evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left > innerWidth - right ? 'right' : 'left';
      });
    await expect.poll(side).toBe(dir === 'ltr' ? 'right' : 'left');

    await dialog.locator('.more').click();
    const entry = dialog.getByRole('button').filter({ hasText: own });
    await entry.waitFor();
    expect(await cut(dialog)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await entry.click();
    await dialog.getByRole('radio', { name: own }).waitFor();
    expect(await dialog.getByRole('radio', { name: own }).isChecked()).toBe(true);
    expect(await cut(dialog)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await context.close();
  });

  test('says nothing in other letters, and is readable at twice the size', async () => {
    const context = await world.device({ locale, reducedMotion: 'reduce', ...PHONE });
    const { page, dialog } = await world.visit(context, `/${lang}`);
    await page.locator('continuo-chat').getByRole('button').click();
    await dialog.getByRole('textbox').waitFor();
    const said = (await dialog.textContent()) ?? '';
    expect(await tooTall(dialog, sample)).toEqual([]);
    if (lang !== 'en') expect(said.replaceAll('Nimbus Coffee', '').match(/[a-z]{2,}/gi)).toBeNull();
    await page.locator('continuo-chat').evaluate((host) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.panel.panel { font-size: 30px !important }');
      host.shadowRoot?.adoptedStyleSheets.push(sheet);
    });
    expect(await cut(dialog)).toEqual([]);
    await context.close();
  });
});

test('another language keeps the draft and the place in the conversation, and is spoken on the next page', async () => {
  const context = await world.device({ viewport: { width: 900, height: 560 }, reducedMotion: 'reduce' });
  const { page, dialog } = await world.visit(context, '/en');
  await page.locator('continuo-chat').getByRole('button').click();
  const field = dialog.getByRole('textbox');
  for (let number = 1; number <= 14; number++) {
    await field.fill(`Message number ${number}`);
    await field.press('Enter');
  }
  await dialog.getByRole('article').nth(13).waitFor();
  await field.fill('Not sent yet');
  const fourth = dialog.getByRole('article').filter({ hasText: 'number 4' });
  await dialog.getByRole('log').evaluate((log) => log.scrollBy(0, -2000));
  await fourth.evaluate((line) => line.scrollIntoView({ block: 'start' }));
  const before = await fourth.boundingBox();
  await dialog.getByRole('button', { name: 'More' }).click();
  await dialog.getByRole('button', { name: /English/ }).click();
  await dialog.getByRole('radio', { name: 'فارسی' }).check();
  await dialog.getByRole('heading', { name: 'زبان' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'بیشتر' }).waitFor();
  expect(await dialog.getByRole('textbox').inputValue()).toBe('Not sent yet');
  const after = await fourth.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(12);
  await page.reload();
  await dialog.getByRole('button', { name: 'بیشتر' }).waitFor();
  expect(await page.locator('continuo-chat').getAttribute('lang')).toBe('fa');
  await context.close();
  expect(world.pageErrors).toEqual([]);
});
