import { fireEvent } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FakeClient } from '../../testing/fake-client.ts';
import { closeAll, open, refuse, talking } from '../../testing/open-widget.ts';
import { until } from '../../testing/until.ts';

const TOKEN = 't'.repeat(43);
const URL_HERE = `https://brand.example/#continuo=${TOKEN}`;
const MINUTE = 60_000;
const CUSTOMER = { kind: 'customer' as const, id: 'c1', name: null };

beforeEach(() => {
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: vi.fn(async () => {}) },
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  closeAll();
});

const makes = (fake: FakeClient, lasts = 5 * MINUTE) =>
  fake.on('post handoffs', async () => ({ handoffId: 'h1', url: URL_HERE, expiresAt: Date.now() + lasts }));

const page = async (fake: FakeClient, name = 'Continue on another device') => {
  const { ui } = await open({ fake });
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  fireEvent.click(await ui.findByRole('button', { name }));
  await ui.findByRole('heading', { name });
  return ui;
};
const redeemed = (fake: FakeClient) =>
  fake.event({
    type: 'handoff',
    handoffId: 'h1',
    step: 'redeemed',
    from: 'web',
    to: 'web',
    actor: CUSTOMER,
    reason: null,
    expiresAt: null,
  });
const inApp = () =>
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue('Mozilla/5.0 [FBAN/FBIOS;FBAV/467.1;]');

test('a code, the link as text, a warning, and until when', async () => {
  const fake = talking();
  makes(fake);
  const ui = await page(fake);
  expect(await ui.findByRole('img', { name: /QR code/ })).toBeTruthy();
  expect(ui.getByText(URL_HERE).dir).toBe('ltr');
  ui.getByText(/sees your conversation/);
  expect(ui.getByText(/Works once/).textContent).toMatch(/left: .*5/);
  fireEvent.click(ui.getByRole('button', { name: 'Copy' }));
  expect(navigator.clipboard.writeText).toHaveBeenCalledWith(URL_HERE);
});

test('a code that has run out is not shown, and a new one comes at a press', async () => {
  const fake = talking();
  makes(fake, -1);
  const ui = await page(fake);
  await ui.findByText('This link has run out');
  expect(ui.queryByText(URL_HERE)).toBeNull();
  makes(fake);
  fireEvent.click(ui.getByRole('button', { name: 'Try again' }));
  await ui.findByText(URL_HERE);
});

test('too many codes are told', async () => {
  const fake = talking();
  fake.on('post handoffs', refuse('rate_limited'));
  const ui = await page(fake);
  await ui.findByText(/many codes/);
});

test('the first device is told, and ends it there', async () => {
  const fake = talking();
  makes(fake);
  fake.on('get handoffs', async () => ({ devices: [{ handoffId: 'h1', since: 1 }] }));
  const ui = await page(fake);
  await ui.findByText(URL_HERE);
  redeemed(fake);
  await ui.findByText('Your conversation is open on your other device.');
  expect(ui.queryByText(URL_HERE)).toBeNull();
  await until(() => expect(ui.getAllByText('End it there')).toHaveLength(2));
  const press = ui.getAllByText('End it there').at(-1);
  if (press) fireEvent.click(press);
  await until(() => expect(fake.calls.request).toContainEqual(['delete', 'handoffs/h1', undefined]));
});

test('in the log of the other device there is nothing to end', async () => {
  const fake = talking();
  fake.on('get handoffs', async () => ({ devices: [] }));
  redeemed(fake);
  const { ui } = await open({ fake });
  await ui.findByText('Continued on another device');
  expect(ui.queryByText('End it there')).toBeNull();
});

test('an app’s own browser offers the way out quietly, once, and by copying', async () => {
  inApp();
  const fake = talking();
  makes(fake);
  const { ui } = await open({ fake });
  await ui.findByText(/may forget/);
  fireEvent.click(ui.getByRole('button', { name: 'Open in your browser' }));
  await ui.findByText(URL_HERE);
  expect(ui.queryByRole('link')).toBeNull();
  fireEvent.click(ui.getByRole('button', { name: 'Back' }));
  fireEvent.click(ui.getByRole('button', { name: 'No, thanks' }));
  expect(ui.queryByText('No, thanks')).toBeNull();
});

test('a browser is not offered another one', async () => {
  const { ui } = await open({ fake: talking() });
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  await ui.findByRole('button', { name: 'Continue on another device' });
  expect(ui.queryByText('Open in your browser')).toBeNull();
});

test('Messenger is offered where the brand has a Page, by a link that tells the page nothing', async () => {
  const fake = talking();
  const url = `https://m.me/acme?ref=${TOKEN}`;
  fake.on('post handoffs', async () => ({ handoffId: 'h1', url, expiresAt: Date.now() + MINUTE }));
  const channel = fake.$channel.get();
  if (channel) fake.$channel.set({ ...channel, continueOn: [{ kind: 'messenger', name: 'Acme' }] });
  const ui = await page(fake, 'Continue on Messenger');
  const link = await ui.findByRole('link', { name: /Open .*Messenger/ });
  expect([link.getAttribute('href'), link.getAttribute('rel')]).toEqual([url, 'noopener noreferrer']);
  expect(fake.calls.request).toContainEqual(['post', 'handoffs', { to: 'messenger' }]);
});

test('Messenger is not offered where the brand has none', async () => {
  const { ui } = await open({ fake: talking() });
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  await ui.findByRole('button', { name: 'Continue on another device' });
  expect(ui.queryByText('Continue on Messenger')).toBeNull();
});
