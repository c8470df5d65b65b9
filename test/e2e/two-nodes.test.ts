/**
 * The main steps of the journey where the brand runs two servers on one PostgreSQL, behind a proxy that sends every
 * request to the other one. The steps depend on each other, in this order.
 */
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { loose } from '../support/loose.ts';
import { type MessengerCustomer, messengerCustomer } from '../support/messenger-customer.ts';
import { createNodesProcess, type NodesProcess } from '../support/nodes-process.ts';
import type { InboxPage } from '../support/pages/inbox-page.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { steps } from '../support/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let servers: NodesProcess;
let sara: InboxPage;
let amina: MessengerCustomer;
let phone: BrowserContext;
let widget: WidgetPage;
let link: string;

const COMPLAINT = 'My order 4711 came with the wrong beans.';
const ANSWER = 'I am sorry to hear that. Let me look.';

const step = steps('two-nodes', () => world);

beforeAll(async () => {
  world = await startWorld({
    async createServer(environment) {
      servers = await createNodesProcess(environment, 2);
      return servers;
    },
  });
});
afterAll(() => world?.close());

step('a complaint comes in and is answered, whichever server has the inbox open', async () => {
  sara = await world.agent('Sara');
  amina = messengerCustomer(world, { firstName: 'Amina', lastName: 'Karimova' });
  amina.write(COMPLAINT);
  await sara.row('Amina Karimova').waitFor();
  await sara.openConversation('Amina Karimova');
  await sara.message(COMPLAINT).waitFor();
  await sara.reply(ANSWER);
  await amina.received(ANSWER);
  await sara.message(ANSWER).getByText(loose('Delivered on Messenger')).waitFor();
});

step('the link carries the conversation on into the widget', async () => {
  await sara.button('Continue on our site').click();
  link = await amina.receivedLink();
  phone = await world.device({ viewport: { width: 390, height: 844 }, hasTouch: true });
  widget = await world.visit(phone, link);
  await widget.dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await widget.message(COMPLAINT).waitFor();
  await widget.message(ANSWER).waitFor();
  await widget.dialog.getByRole('heading', { name: /Sara/ }).waitFor();
});

step('both write live and see who types and what was read', async () => {
  await widget.composer.pressSequentially('Hel');
  await sara.page
    .getByText(/is typing/)
    .first()
    .waitFor();
  await widget.send('Hello from the site');
  await sara.message('Hello from the site').waitFor();
  await sara.composer.pressSequentially('I');
  await widget.dialog.getByText(loose('Sara is typing')).first().waitFor();
  await sara.reply('I found it: the new beans leave today.');
  await widget.message('I found it: the new beans leave today.').waitFor();
  await sara.message('I found it').getByText(loose('Read on the site')).waitFor();
  await widget.message('Hello from the site').getByText('Read').waitFor();
  expect(amina.texts().join()).not.toContain('I found it');
});

step('many lines both ways arrive in order, once', async () => {
  for (const number of [1, 2, 3, 4, 5, 6]) {
    await widget.send(`question ${number}.`);
    await sara.reply(`answer ${number}.`);
  }
  await sara.message('question 6.').waitFor();
  await widget.message('answer 6.').waitFor();
  const texts = await widget.texts();
  for (const who of ['question', 'answer']) {
    const told = texts.filter((text) => text.startsWith(who));
    expect(told).toEqual([1, 2, 3, 4, 5, 6].map((number) => `${who} ${number}.`));
  }
});

step('the customer leaves: the next reply reaches them on Messenger, once', async () => {
  await widget.page.goto('about:blank');
  await sara.page.getByText('Not on the site').first().waitFor();
  await sara.reply('The parcel number is NC-99.');
  await amina.received('The parcel number is NC-99.');
  await widget.page.goto(world.brand.url);
  await widget.reopen();
  await widget.message('The parcel number is NC-99.').waitFor();
  expect(amina.texts().join('\n').match(/NC-99/g)).toHaveLength(1);
});

step('one server dies; the other carries on with everyone', async () => {
  await servers.nodes[0]?.kill();
  await widget.send('Are you still there?');
  await sara.message('Are you still there?').waitFor();
  await sara.reply('Yes, I am.');
  await widget.message('Yes, I am.').waitFor();
});

step('it comes back, and the last one stops in its turn', async () => {
  await servers.nodes[0]?.start();
  expect(await servers.nodes[1]?.stop()).toBe(0);
  await widget.send('And now?');
  await sara.message('And now?').waitFor();
  await sara.reply('Now too.');
  await widget.message('Now too.').waitFor();
});

step('each server did its part, and no page had an uncaught error', () => {
  for (const count of servers.proxy.answered) expect(count).toBeGreaterThan(20);
  expect(world.pageErrors).toEqual([]);
});
