/** axe finds nothing on any open state of widget and inbox, in English and Arabic, light and dark. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messengerCustomer } from '../support/messenger-customer.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ pages: { '/': {}, '/ar': { lang: 'ar', dir: 'rtl' } } });
});
afterAll(() => world?.close());

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const violations = async (page: Page) => {
  // Legacy mode is without a look into frames of other origins, of which there are none, and without a page for each look.
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
};

/** What is on its way to be seen has another contrast than what is there. */
const STILL = { reducedMotion: 'reduce' } as const;

const LANGUAGES = [
  { path: '/', locale: 'en-GB' },
  { path: '/ar', locale: 'ar-EG' },
] as const;

for (const { path, locale } of LANGUAGES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    describe(`${locale}, ${colorScheme}`, () => {
      test('the widget: launcher, empty, in conversation, offline', async () => {
        const context = await world.device({ locale, colorScheme, ...STILL });
        const { page, dialog } = await world.visit(context, path);
        await page.locator('continuo-chat').waitFor({ state: 'attached' });
        expect(await violations(page)).toEqual([]);
        await page.locator('continuo-chat').getByRole('button').first().click();
        await dialog.getByRole('textbox').waitFor();
        expect(await violations(page)).toEqual([]);
        await dialog.getByRole('textbox').fill('Hello, سلام 4711');
        await dialog.getByRole('textbox').press('Enter');
        await dialog.getByRole('article').first().waitFor();
        expect(await violations(page)).toEqual([]);
        await context.setOffline(true);
        await dialog.getByRole('textbox').fill('Written offline');
        await dialog.getByRole('textbox').press('Enter');
        await dialog.getByRole('article').nth(1).waitFor();
        expect(await violations(page)).toEqual([]);
        await context.close();
      });

      test('the widget on a phone, and the question of a link that does not work', async () => {
        const touch = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
        const context = await world.device({ locale, colorScheme, ...STILL, ...touch });
        const { page, dialog } = await world.visit(context, `${path}#continuo=${'a'.repeat(43)}`);
        await dialog.getByRole('button').nth(1).waitFor();
        expect(await violations(page)).toEqual([]);
        await context.close();
      });

      test('the inbox: sign-in, list, thread, menus', async () => {
        const name = `Sara${locale.slice(0, 2)}${colorScheme}`;
        const account = await world.addAgent(name);
        const context = await world.device({ locale, colorScheme, ...STILL });
        const page = await context.newPage();
        await page.goto(`${world.server.url}/inbox/`);
        await page.locator('input[type=email]').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.locator('input[type=email]').fill(account.email);
        await page.locator('input[type=password]').fill(account.password);
        await page.locator('input[type=password]').press('Enter');
        await page.locator('[aria-pressed]').nth(2).click();
        const customer = messengerCustomer(world, { firstName: 'Amina', lastName: name });
        customer.write('السلام عليكم، وصلني طلب خاطئ رقم 4711');
        const row = page.locator('[data-row]').filter({ hasText: name });
        await row.waitFor();
        expect(await violations(page)).toEqual([]);
        await row.click();
        await page.getByRole('article').first().waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('textbox').last().press('Escape');
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        expect(await violations(page)).toEqual([]);
        await context.close();
      });
    });
  }
}
