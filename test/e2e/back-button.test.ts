/** "Back" on a phone, where the panel covers the page. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ pages: { '/': {}, '/before': {} } });
});
afterAll(() => world?.close());

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const begin = async (settings: object) => {
  const widget = await world.visit(await world.device(settings), '/before');
  const { page } = widget;
  await page.goto(page.url().replace('/before', '/'));
  await page.evaluate(() => history.replaceState({ router: 'host' }, ''));
  await widget.launcher.click();
  await widget.dialog.waitFor();
  return { widget, page, state: () => page.evaluate(() => history.state) };
};

test('closes what is uppermost, and leaves the site only after that', async () => {
  const { widget, page, state } = await begin(PHONE);
  const address = page.url();
  await expect.poll(state).toEqual({ router: 'host', continuo: true });
  await widget.dialog.getByRole('button', { name: 'More' }).click();
  await widget.dialog.getByRole('heading', { name: 'More' }).waitFor();

  await page.goBack();
  await widget.dialog.getByRole('heading', { name: 'More' }).waitFor({ state: 'detached' });
  expect(await widget.dialog.isVisible()).toBe(true);

  await page.goBack();
  await widget.dialog.waitFor({ state: 'detached' });
  expect(page.url()).toBe(address);
  expect(await state()).toEqual({ router: 'host' });

  await page.goBack();
  expect(page.url()).toContain('/before');
});

test('the way out by the button leaves nothing in the history', async () => {
  const { widget, page, state } = await begin(PHONE);
  await widget.dialog.getByRole('button', { name: 'Close chat' }).click();
  await widget.dialog.waitFor({ state: 'detached' });
  await expect.poll(state).toEqual({ router: 'host' });
  await page.goBack();
  expect(page.url()).toContain('/before');
});

test('beside the page, the history is left alone', async () => {
  const { state } = await begin({});
  expect(await state()).toEqual({ router: 'host' });
});
