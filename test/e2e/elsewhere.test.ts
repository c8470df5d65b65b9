/**
 * The same conversation on another device, on the built files: from a desk to a phone by the code on the screen, and ended
 * there from the desk.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import type { InboxPage } from '../support/pages/inbox-page.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { readCode } from '../support/read-code.ts';
import { steps } from '../support/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let sara: InboxPage;
let desk: WidgetPage;
let phone: WidgetPage;
let link: string;

const step = steps('elsewhere', () => world);
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

beforeAll(async () => {
  world = await startWorld();
  sara = await world.agent('Sara');
});
afterAll(() => world?.close());

step('1. the code on the desk says what the link says, and the page warns', async () => {
  desk = await world.visit(await world.device());
  await desk.open();
  await desk.send('My grinder is stuck.');
  await sara.page.getByText('My grinder is stuck.').first().waitFor();
  await desk.button('More').click();
  await desk.button('Continue on another device').click();
  link = (await desk.dialog.locator('.address').textContent()) ?? '';
  const code = desk.dialog.getByRole('img', { name: /QR code/ });
  const drawn = (await code.locator('path').getAttribute('d')) ?? '';
  expect(readCode(drawn, (await code.getAttribute('viewBox')) ?? '')).toBe(link);
  expect(link).toMatch(new RegExp(`^${world.brand.url}/#continuo=[A-Za-z0-9_-]{43}$`));
  await desk.dialog.getByText(/sees your conversation/).waitFor();
});

step('2. the phone asks, has the same conversation then, and the desk is told', async () => {
  phone = await world.visit(await world.device(PHONE), link);
  await phone.dialog.getByText(/on this device\?/).waitFor();
  await phone.button('Not me').waitFor();
  await phone.dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await phone.message('My grinder is stuck.').waitFor();
  await desk.dialog.getByText('Your conversation is open on your other device.').waitFor();
});

step('3. both are live', async () => {
  await phone.send('I am in the kitchen now.');
  await desk.message('I am in the kitchen now.').waitFor();
  await desk.button('Back').click();
  await desk.button('Back').click();
  await desk.send('And I am at the desk.');
  await phone.message('And I am at the desk.').waitFor();
});

step('4. a second phone is told that the code was used', async () => {
  const late = await world.visit(await world.device(PHONE), link);
  await late.dialog.getByText('This link was used on another device').waitFor();
});

step('5. the desk ends it on the phone, and goes on itself', async () => {
  await desk.button('End it there').click();
  await phone.dialog.getByText(/was closed here/).waitFor();
  await desk.send('Still here.');
  await sara.page.getByText('Still here.').first().waitFor();
  expect(world.pageErrors).toEqual([]);
});
