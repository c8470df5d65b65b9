/**
 * The whole journey on the built files: a Messenger complaint is answered from the inbox and carried on in the widget
 * on a brand's page. The steps depend on each other, in this order.
 */
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { loose } from '../support/loose.ts';
import { type MessengerCustomer, messengerCustomer } from '../support/messenger-customer.ts';
import type { InboxPage } from '../support/pages/inbox-page.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { steps } from '../support/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let sara: InboxPage;
let amina: MessengerCustomer;
let phone: BrowserContext;
let widget: WidgetPage;
let link: string;

const COMPLAINT = 'My order 4711 came with the wrong beans.';
const ANSWER = 'I am sorry to hear that. Let me look.';

const step = steps('journey', () => world);

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

step('1. a signed webhook brings the complaint; a wrong signature stores nothing', async () => {
  const forged = await fetch(`${world.server.url}/v1/webhooks/messenger`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
    body: JSON.stringify({ object: 'page', entry: [] }),
  });
  expect(forged.status).toBeGreaterThanOrEqual(400);

  sara = await world.agent('Sara');
  amina = messengerCustomer(world, { firstName: 'Amina', lastName: 'Karimova' });
  amina.write(COMPLAINT);
  await sara.row('Amina Karimova').waitFor();
});

step(
  '2. the conversation appears live in the inbox, with its assignee, its customer and what was said',
  async () => {
    await sara.openConversation('Amina Karimova');
    await sara.message(COMPLAINT).waitFor();
    await sara.page
      .getByText(loose('Assigned to Sara'))
      .or(sara.page.getByText(loose('Assigned to you')))
      .first()
      .waitFor();
    expect(await sara.message(COMPLAINT).textContent()).toContain('Messenger');
  },
);

step('3. the answer goes out through the Send API, and its state is seen', async () => {
  await sara.reply(ANSWER);
  await amina.received(ANSWER);
  await sara.message(ANSWER).getByText(loose('Delivered on Messenger')).waitFor();
  amina.read();
  await sara.message(ANSWER).getByText(loose('Read on Messenger')).waitFor();
});

step('4. “Continue on our site” puts a link into Messenger, and the offer into the thread', async () => {
  await sara.button('Continue on our site').click();
  link = await amina.receivedLink();
  expect(link).toMatch(new RegExp(`^${world.brand.url}/#continuo=[A-Za-z0-9_-]{43}$`));
  await sara.page.getByText(/sent a link/).waitFor();
});

step('5. bots that fetch the page, run its scripts and post to it change nothing', async () => {
  const token = link.split('=')[1] ?? '';
  expect((await fetch(link)).status).toBe(200);
  await fetch(world.brand.url, { method: 'POST', body: `continuo=${token}` });
  await fetch(`${world.server.url}/v1/handoffs/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'continuo-version': '1' },
    body: JSON.stringify({ token, channelKey: world.channelKey }),
  });
  const bot = await world.device({ userAgent: 'facebookexternalhit/1.1' });
  const crawled = await world.visit(bot, link);
  await crawled.button('Not me').waitFor();
  await bot.close();
});

step('5. the widget asks before it continues, and the token is in no address', async () => {
  phone = await world.device({ viewport: { width: 390, height: 844 }, hasTouch: true });
  widget = await world.visit(phone, link);
  await widget.dialog.getByText(loose('Continue your Messenger conversation with Sara as A•••a?')).waitFor();
  expect(widget.page.url()).toBe(`${world.brand.url}/`);
  const sizes = await Promise.all(
    ['Continue', 'Not me'].map((name) =>
      widget.dialog.getByRole('button', { name, exact: true }).boundingBox(),
    ),
  );
  expect(sizes[0]?.height).toBe(sizes[1]?.height);
  await widget.dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await widget.message(COMPLAINT).waitFor();
  await widget.message(ANSWER).waitFor();
  await widget.dialog.getByRole('heading', { name: /Sara/ }).waitFor();
  expect(world.brand.requests.filter((line) => line.includes('continuo='))).toEqual([]);
});

step('6. both write live and see typing and read state; text is text', async () => {
  const markup = '<img src=x onerror=alert(1)> **bold** https://nimbus.example/track?id=4711';
  await widget.composer.pressSequentially('Hel');
  await sara.page
    .getByText(/is typing/)
    .first()
    .waitFor();
  await widget.send(markup);
  await sara.message('<img src=x').waitFor();
  const shown = sara.message('<img src=x');
  expect(await shown.locator('img[src="x"]').count()).toBe(0);
  expect(await shown.getByRole('link').getAttribute('href')).toBe('https://nimbus.example/track?id=4711');

  await sara.composer.pressSequentially('I');
  await widget.dialog.getByText(loose('Sara is typing')).first().waitFor();
  await sara.reply('I found it: the new beans leave today.');
  await widget.message('I found it: the new beans leave today.').waitFor();
  await sara.message('I found it').getByText(loose('Read on the site')).waitFor();
  await widget.message('<img src=x').getByText('Read').waitFor();
});

step(
  '6. what is typed on the web is not mirrored to Messenger, nor is what was read on the web',
  async () => {
    expect(amina.texts()).not.toContain('I found it: the new beans leave today.');
    expect(amina.texts().some((text) => text.includes('onerror'))).toBe(false);
  },
);

step(
  '7. a closed chat on an open page: the reply waits there, with a badge, and does not go to Messenger',
  async () => {
    await widget.page.keyboard.press('Escape');
    await widget.dialog.waitFor({ state: 'hidden' });
    await sara.reply('Shall I add a bag of filters?');
    await widget.page.getByRole('button', { name: loose('Open chat, 1 unread message') }).waitFor();
    await sara.message('Shall I add').getByText('Waits: customer is on the site').waitFor();
    await widget.page.getByRole('button', { name: /^Open chat/ }).click();
    await sara.message('Shall I add').getByText(loose('Read on the site')).waitFor();
    expect(amina.texts().join()).not.toContain('filters');
  },
);

step(
  '7. the customer leaves: the next reply reaches them on Messenger, once; back on the page the thread is whole',
  async () => {
    await widget.page.goto('about:blank');
    await sara.page.getByText('Not on the site').first().waitFor();
    await sara.reply('The parcel number is NC-99.');
    await sara.reply('It arrives on Friday.');
    await amina.received('It arrives on Friday.');
    const said = amina.texts().join('\n');
    expect(said.match(/NC-99/g)).toHaveLength(1);
    expect(said.match(/arrives on Friday/g)).toHaveLength(1);

    await widget.page.goto(world.brand.url);
    await widget.reopen();
    await widget.message('It arrives on Friday.').waitFor();
    const texts = await widget.texts();
    for (const text of [COMPLAINT, ANSWER, 'The parcel number is NC-99.']) expect(texts).toContain(text);
  },
);

step('8. the same link again on the same device opens the thread', async () => {
  await widget.page.goto('about:blank');
  await widget.page.goto(link);
  await widget.message('It arrives on Friday.').waitFor();
  expect(await widget.button('Not me').count()).toBe(0);
});

step(
  '8. on another device it is refused kindly, and one press sends a fresh link into Messenger',
  async () => {
    const laptop = await world.visit(await world.device(), link);
    await laptop.dialog.getByText('This link was used on another device').waitFor();
    await laptop.button('Send me a new link').click();
    await laptop.dialog.getByText(loose('A new link is on its way to your Messenger')).waitFor();
    const fresh = await amina.receivedLink();
    expect(fresh).not.toBe(link);
    const again = await world.visit(await world.device(), fresh);
    await again.button('Continue').click();
    await again.message(COMPLAINT).waitFor();
    await again.page.close();
  },
);

step('8. a revoked link is refused kindly', async () => {
  await sara.page.getByRole('button', { name: /Continue on our site|Send a new link/ }).click();
  const first = await amina.receivedLink();
  await sara.page.getByRole('button', { name: /Continue on our site|Send a new link/ }).click();
  await amina.receivedLink();
  const late = await world.visit(await world.device(), first);
  await late.dialog.getByText('There is a newer link').waitFor();
  await late.button('Send me a new link').waitFor();
});

step('10. resolved, and written again: same conversation, same assignee', async () => {
  await sara.button(/^Resolve$/).click();
  await widget.dialog.getByText('This case is closed').first().waitFor();
  await widget.send('One more thing: the grinder is loud.');
  await sara.message('One more thing').waitFor();
  await sara.message(COMPLAINT).waitFor();
  await sara.page.getByText(loose('Case 2 opened')).waitFor();
});

step('10. when the agent is away the customer is told and has a colleague', async () => {
  const omid = await world.agent('Omid');
  await sara.button(/^Resolve$/).click();
  await widget.dialog.getByText('This case is closed').nth(1).waitFor();
  await sara.page.getByRole('switch', { name: 'Your presence' }).click();
  await widget.dialog.getByText('Away').first().waitFor();
  await widget.send('Are you still there?');
  await widget.button(loose('Wait for Sara')).waitFor();
  await widget.button('Talk to a colleague').click();
  await omid.openConversation('Amina Karimova');
  await omid.message(COMPLAINT).waitFor();
  await omid.reply('Omid here, I have read everything.');
  await widget.message('Omid here, I have read everything.').waitFor();
});

step('no page had an uncaught error or broke a policy', () => {
  expect(world.pageErrors).toEqual([]);
});
