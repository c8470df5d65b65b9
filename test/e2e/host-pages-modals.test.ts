/** Pages whose modals make everything else unusable: the chat stays usable, and the modal open. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrandPage } from '../support/brand-site.ts';
import { bundle } from '../support/host-pages/bundle.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { startWorld, type World } from '../support/world.ts';

const KINDS = ['native', 'radix', 'focus-trap'];

let world: World;

beforeAll(async () => {
  const pages: Record<string, BrandPage> = { '/': {} };
  for (const kind of KINDS) {
    const content = await bundle(`${kind}.js`);
    pages[`/${kind}.js`] = { raw: { type: 'text/javascript', write: () => content } };
    pages[`/${kind}`] = { body: `<script src="/${kind}.js"></script>` };
  }
  world = await startWorld({ pages });
});
afterAll(() => world?.close());

const call = (widget: WidgetPage, name: string) =>
  widget.page.evaluate((name) => Reflect.get(window, name)(), name);

const isModalOpen = (widget: WidgetPage) => call(widget, 'isModalOpen');

/** The element that carries the widget. */
const host = (widget: WidgetPage) => widget.page.locator('continuo-chat');
const parent = (widget: WidgetPage) => host(widget).evaluate((element) => element.parentElement?.tagName);
const hasFocus = (widget: WidgetPage) =>
  host(widget).evaluate((element) => element.shadowRoot?.activeElement?.tagName);

/** Until what guards the chat is loaded: it takes off what hinders people. */
const untilGuarded = async (widget: WidgetPage) => {
  await host(widget).evaluate((element) => element.toggleAttribute('inert', true));
  await expect.poll(() => host(widget).getAttribute('inert')).toBeNull();
};

/** A conversation that is longer than the panel, scrolled up a little. */
const talk = async (path: string) => {
  const widget = await world.visit(await world.device(), path);
  await widget.open();
  for (const name of ['First', 'Second', 'Third', 'Fourth']) {
    await widget.send(`${name} ${'and much more '.repeat(30)}`);
    await widget
      .message(name)
      .getByText(/^(Sent|Read)$/)
      .waitFor();
  }
  await widget.log.evaluate((log) => {
    log.scrollTop = -150;
  });
  await widget.composer.fill('half a sentence');
  return widget;
};

const scrolled = (widget: WidgetPage) => widget.log.evaluate((log) => Math.round(log.scrollTop));

describe.each(KINDS)('%s', (kind) => {
  test('one can write, press and look things up under it, and it stays open', async () => {
    const widget = await talk(`/${kind}`);
    await call(widget, 'openModal');
    if (kind === 'native') await expect.poll(() => parent(widget)).toBe('DIALOG');
    expect(await widget.composer.inputValue()).toBe('half a sentence');
    expect(await scrolled(widget)).toBe(-150);

    await widget.composer.click();
    await widget.page.keyboard.press('End');
    await widget.page.keyboard.type(', and the rest');
    expect(await widget.page.locator('#card').inputValue()).toBe('');
    await widget.button('Send').click();
    await widget
      .message('half a sentence, and the rest')
      .getByText(/^(Sent|Read)$/)
      .waitFor();
    await widget.composer.fill('by the key');
    await widget.composer.press('Enter');
    await widget.message('by the key').waitFor();
    await widget.button(/^More$/).click();
    await widget.dialog.getByRole('heading', { name: 'More' }).waitFor();
    await widget.dialog.getByRole('button', { name: 'Back' }).click();
    await widget.log.hover();
    const before = await scrolled(widget);
    await widget.page.mouse.wheel(0, -200);
    await expect.poll(() => scrolled(widget)).toBeLessThan(before);
    expect(await isModalOpen(widget)).toBe(true);

    await widget.page.locator('#card').fill('4000');
    expect(await widget.page.locator('#card').inputValue()).toBe('4000');
    await widget.composer.fill('a draft');
    await call(widget, 'closeModal');
    await expect.poll(() => parent(widget)).toBe('HTML');
    expect(await widget.composer.inputValue()).toBe('a draft');
    await widget.page.getByRole('button', { name: 'Add to basket' }).click();
    expect(world.pageErrors).toEqual([]);
  });

  test('Escape in the chat closes the chat only, and nothing of the guard stays', async () => {
    const widget = await world.visit(await world.device(), `/${kind}`);
    await widget.open();
    await untilGuarded(widget);
    await call(widget, 'openModal');
    if (kind === 'native') await expect.poll(() => parent(widget)).toBe('DIALOG');
    await widget.composer.click();
    await widget.page.keyboard.press('Escape');
    await widget.dialog.filter({ has: widget.page.getByRole('log') }).waitFor({ state: 'detached' });
    await expect.poll(() => parent(widget)).toBe('HTML');
    expect(await isModalOpen(widget)).toBe(true);
    const left = await host(widget).evaluate((element) => ({
      popover: element.getAttribute('popover'),
      inert: element.getAttribute('inert'),
    }));
    expect(left).toEqual({ popover: null, inert: null });
  });

  test('opened by the page from within it, the chat can be used at once', async () => {
    const widget = await world.visit(await world.device(), `/${kind}`);
    await widget.launcher.waitFor();
    await call(widget, 'openModal');
    await widget.page.evaluate(() => window.Continuo?.('open'));
    await untilGuarded(widget);
    await widget.composer.click();
    await widget.page.keyboard.type('From the dialog');
    await widget.page.keyboard.press('Enter');
    await widget.message('From the dialog').waitFor();
    expect(await isModalOpen(widget)).toBe(true);
  });
});

test('a native dialog that is closed, taken away or covered by another leaves place, words and focus', async () => {
  const widget = await talk('/native');
  await call(widget, 'openModal');
  await expect.poll(() => parent(widget)).toBe('DIALOG');
  await widget.composer.focus();
  await call(widget, 'openSecond');
  await expect.poll(() => host(widget).evaluate((element) => element.parentElement?.id)).toBe('second');
  await widget.composer.click();
  await call(widget, 'closeSecond');
  await expect.poll(() => host(widget).evaluate((element) => element.parentElement?.id)).toBe('');
  expect(await hasFocus(widget)).toBe('TEXTAREA');
  const panel = widget.page.locator('continuo-chat [part=panel]');
  const box = await panel.boundingBox();
  await call(widget, 'closeModal');
  await expect.poll(() => parent(widget)).toBe('HTML');
  expect(await hasFocus(widget)).toBe('TEXTAREA');
  expect(await panel.boundingBox()).toEqual(box);
  expect(await scrolled(widget)).toBe(-150);

  await call(widget, 'openModal');
  await expect.poll(() => parent(widget)).toBe('DIALOG');
  await widget.composer.click();
  await call(widget, 'removeModal');
  await expect.poll(() => parent(widget)).toBe('HTML');
  expect(await hasFocus(widget)).toBe('TEXTAREA');
  expect(await scrolled(widget)).toBe(-150);
  expect(await widget.composer.inputValue()).toBe('half a sentence');
});

test('what hides the chat from people is taken off while it is open, and put back while the modal stays', async () => {
  const widget = await world.visit(await world.device(), '/focus-trap');
  await widget.open();
  await call(widget, 'openModal');
  const hinder = () =>
    host(widget).evaluate((element) => {
      element.toggleAttribute('inert', true);
      element.ariaHidden = 'true';
    });
  const hindered = () =>
    host(widget).evaluate((element) => [element.getAttribute('inert'), element.getAttribute('aria-hidden')]);
  await hinder();
  await expect.poll(hindered).toEqual([null, null]);
  await widget.page.evaluate(() => window.Continuo?.('close'));
  await expect.poll(hindered).toEqual(['', 'true']);
});
