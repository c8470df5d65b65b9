/** Widget and inbox by keyboard alone, and in Arabic. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messengerCustomer } from '../support/messenger-customer.ts';
import { SOON } from '../support/patience.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ pages: { '/': {}, '/ar': { lang: 'ar', dir: 'rtl' } } });
});
afterAll(() => world?.close());

test('the widget: opened, written in, and closed by keys; the focus comes back to the launcher', async () => {
  const { page, composer, launcher, message, dialog } = await world.visit(await world.device());
  await launcher.waitFor();
  await page.getByRole('button', { name: 'Add to basket' }).focus();
  await page.keyboard.press('Tab');
  await expect.poll(() => launcher.evaluate((button) => button.matches(':focus')), SOON).toBe(true);
  await page.keyboard.press('Enter');
  await composer.waitFor();
  await expect.poll(() => composer.evaluate((field) => field.matches(':focus')), SOON).toBe(true);
  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await message('second line').waitFor();
  await expect.poll(() => composer.inputValue(), SOON).toBe('');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => launcher.evaluate((button) => button.matches(':focus')), SOON).toBe(true);
});

test('the inbox: moved through, answered, assigned and resolved by keys', async () => {
  const sara = await world.agent('Sara');
  const amina = messengerCustomer(world, { firstName: 'Amina', lastName: 'Karimova' });
  amina.write('Is anybody there?');
  const { page } = sara;
  await sara.row('Amina Karimova').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await sara.composer.waitFor();
  await page.keyboard.press('r');
  await expect.poll(() => sara.composer.evaluate((field) => field.matches(':focus')), SOON).toBe(true);
  await page.keyboard.type('We are. jkrea? are letters here.');
  await page.keyboard.press('Enter');
  await amina.received('jkrea? are letters here.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  const menu = page.getByRole('menu').or(page.getByRole('dialog')).first();
  await menu.waitFor();
  // It hears the keys once the focus is in it, and lets them go when it is gone.
  await expect.poll(() => menu.evaluate((open) => open.contains(document.activeElement)), SOON).toBe(true);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
  await page.keyboard.press('e');
  await page.getByText(/Case 1.? resolved/).waitFor();
});

test('in Arabic the widget reads from right to left, with its own words and digits; each paragraph by its own direction', async () => {
  const context = await world.device({ locale: 'ar-EG' });
  const { page, dialog } = await world.visit(context, '/ar');
  const host = page.locator('continuo-chat');
  await host.getByRole('button').first().click();
  await dialog.waitFor();
  expect(await dialog.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  const composer = dialog.getByRole('textbox');
  expect(await composer.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
  await composer.fill('Order 4711');
  expect(await composer.evaluate((field) => getComputedStyle(field).direction)).toBe('ltr');
  await composer.fill('Order 4711\nلم يصل بعد');
  await composer.press('Enter');
  const paragraphs = dialog.getByRole('article').first().locator('p');
  await paragraphs.nth(1).waitFor();
  const directions = await paragraphs.evaluateAll((all) =>
    all.map((element) => getComputedStyle(element).direction),
  );
  expect(directions.slice(0, 2)).toEqual(['ltr', 'rtl']);
  await expect.poll(() => dialog.getByRole('article').first().textContent(), SOON).toMatch(/[٠-٩]/);
});

test('a widget older than its server says that the page must be reloaded', async () => {
  const context = await world.device();
  await context.route(`${world.server.url}/v1/**`, (route) =>
    route.fulfill({
      status: 426,
      headers: { 'access-control-allow-origin': '*', 'content-type': 'application/problem+json' },
      body: JSON.stringify({
        type: 'https://continuo.dev/problems/version-unsupported',
        title: 'This version of the protocol is not spoken here',
        status: 426,
        code: 'version_unsupported',
        supported: [2],
      }),
    }),
  );
  const widget = await world.visit(context);
  await widget.open();
  await widget.send('Do you understand me?');
  await widget.dialog.getByText('This page is out of date').waitFor();
  await widget.message('Do you understand me?').waitFor();
  expect(world.pageErrors).toEqual([]);
});
