/**
 * The same conversation on another device, on the built files: from a desk to a phone by the code on the screen, and ended
 * there from the desk; and to Messenger and back.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { messengerCustomer } from '../support/messenger-customer.ts';
import type { InboxPage } from '../support/pages/inbox-page.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { SOON } from '../support/patience.ts';
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

step('6. from the web to Messenger: the link, the question there, one conversation, and back', async () => {
  const { simulator: meta } = world.simulator;
  const dilek = messengerCustomer(world, { firstName: 'Dilek', lastName: 'Aydin' });
  await desk.button('More').click();
  await desk.button('Continue on Messenger').click();
  const open = desk.dialog.getByRole('link', { name: /Open .*Messenger/ });
  const ref = new URL((await open.getAttribute('href')) ?? '').searchParams.get('ref') ?? '';
  meta.dispatch(dilek.psid, { type: 'customer.openLink', at: meta.now(), ref });
  meta.dispatch(dilek.psid, { type: 'customer.getStarted', mid: meta.newMid(), at: meta.now(), ref: null });
  const question = () => meta.thread(dilek.psid).messages.flatMap(({ quickReplies }) => quickReplies);
  await expect.poll(() => question().map(({ title }) => title), SOON).toEqual(['Continue here', 'Not me']);
  meta.dispatch(dilek.psid, {
    type: 'customer.message',
    mid: meta.newMid(),
    at: meta.now(),
    text: 'Continue here',
    attachments: [],
    quickReplyPayload: question()[0]?.payload ?? '',
    replyTo: null,
  });
  await desk.dialog
    .getByRole('status')
    .filter({ hasText: /You continued on/ })
    .waitFor();
  dilek.write('Now from Messenger.');
  await desk.button('Back').click();
  await desk.button('Back').click();
  await desk.message('Now from Messenger.').waitFor();
  expect(await desk.message('Now from Messenger.').textContent()).toContain('via');
  await desk.send('And back on the web.');
  await sara.page.getByText('And back on the web.').first().waitFor();
  expect(world.pageErrors).toEqual([]);
});
