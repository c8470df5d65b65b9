/** A visitor comes when the brand is closed: they learn when it opens by their own clock, and ask to be called. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { steps } from '../support/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let widget: WidgetPage;

const step = steps('service', () => world);

const DAY = 86_400_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Never today, whatever the time is here. */
const opens = new Date(Date.now() + 2 * DAY);
const weekday = DAYS[opens.getUTCDay()] ?? 'sun';
/** Nine in the morning in London's winter clock is half past two in Kolkata. */
const HOURS = { timeZone: 'UTC', week: { [weekday]: [['09:00', '17:00']] } };

beforeAll(async () => {
  world = await startWorld({ pages: { '/': {} }, settings: { hours: HOURS } });
});
afterAll(() => world?.close());

step('the hours are shown by the visitor’s own clock', async () => {
  const device = await world.device({ timezoneId: 'Asia/Kolkata' });
  widget = await world.visit(device);
  await widget.open();
  await widget.dialog.getByText(/We are closed. Back \w+ at 14:30/).waitFor();
  await widget.dialog.getByRole('button', { name: 'Opening hours' }).click();
  await widget.dialog.getByRole('row').filter({ hasText: '14:30 – 22:30' }).waitFor();
  await widget.dialog.getByText('Asia/Calcutta').or(widget.dialog.getByText('Asia/Kolkata')).waitFor();
  await widget.dialog.getByRole('button', { name: 'Back' }).click();
});

step('a call is asked for at a time when somebody is there', async () => {
  await widget.dialog.getByRole('button', { name: 'Request a call' }).click();
  await widget.dialog.getByLabel('Phone number').fill('+49 30 123456');
  await widget.dialog.getByLabel('When').selectOption({ index: 2 });
  await widget.dialog.getByLabel(/What is it about/).fill('My parcel');
  await widget.dialog.getByRole('button', { name: 'Call me' }).click();
  await widget.dialog.getByText(/We call you on .*15:00/).waitFor();
});

step('the agent sees it, calls, and the customer reads that it is done', async () => {
  const sara = await world.agent('Sara');
  await sara.openConversation('Unnamed customer');
  const link = sara.page.getByRole('link', { name: '+4930123456' });
  expect(await link.getAttribute('href')).toBe('tel:+4930123456');
  await sara.page.getByText('My parcel').waitFor();
  await sara.page.getByRole('button', { name: 'Called' }).click();
  await widget.dialog.getByText('We called you.').waitFor();
  expect(world.pageErrors).toEqual([]);
});
