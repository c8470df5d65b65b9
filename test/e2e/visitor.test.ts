/** A visitor who never was on Messenger: a conversation like any other, that outlives pages, tabs and servers. */

import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { InboxPage } from '../support/pages/inbox-page.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { steps } from '../support/steps.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let visitor: BrowserContext;
let widget: WidgetPage;
let sara: InboxPage;

const step = steps('visitor', () => world);

const VISITOR = 'Unnamed customer';

beforeAll(async () => {
  world = await startWorld();
  sara = await world.agent('Sara');
  visitor = await world.device();
});
afterAll(() => world?.close());

const counts = async () => {
  const metrics = await (await fetch(`${world.server.url}/metrics`)).text();
  return metrics.match(/^continuo_events_appended_total.*$/gm) ?? [];
};

step('looking creates nothing; the first message begins a conversation', async () => {
  widget = await world.visit(visitor);
  await widget.open();
  await widget.composer.waitFor();
  expect(await counts()).toEqual([]);
  await widget.send('Do you deliver to Samarkand?');
  await widget
    .message('Do you deliver to Samarkand?')
    .getByText(/^(Sent|Read)$/)
    .waitFor();
  await sara.page.getByText('Do you deliver to Samarkand?').first().waitFor();
});

step('the agent answers, and it is there at once', async () => {
  await sara.openConversation(VISITOR);
  await sara.reply('We do, within ten days.');
  await widget.message('We do, within ten days.').waitFor();
});

step('it is resumed after a reload', async () => {
  await widget.page.reload();
  await widget.reopen();
  await widget.message('We do, within ten days.').waitFor();
  await widget.message('Do you deliver to Samarkand?').waitFor();
});

step('a second tab shows the same conversation, and both follow it', async () => {
  const second = await world.visit(visitor);
  await second.reopen();
  await second.message('We do, within ten days.').waitFor();
  await second.send('Written in the second tab.');
  await widget.message('Written in the second tab.').waitFor();
  await sara.message('Written in the second tab.').waitFor();
  await second.page.close();
});

step('while the server is down the message waits, visibly, and is sent when it is back', async () => {
  await world.server.kill();
  await widget.send('Written while the server was down.');
  const message = widget.message('Written while the server was down.');
  await message.getByText(/Waiting to be sent|Sending/).waitFor();
  await widget.page.reload();
  await widget.reopen();
  await message.getByText(/Waiting to be sent|Sending/).waitFor();
  await world.server.start();
  await message.getByText(/^(Sent|Read)$/).waitFor();
  await widget.message('We do, within ten days.').waitFor();
  await sara.message('Written while the server was down.').waitFor();
  const texts = await widget.texts();
  expect(texts.filter((text) => text === 'Written while the server was down.')).toHaveLength(1);
});

step('offline, the words stay; online, they go', async () => {
  await visitor.setOffline(true);
  await widget.send('Written in a tunnel.');
  await widget
    .message('Written in a tunnel.')
    .getByText(/Waiting to be sent|Sending/)
    .waitFor();
  await visitor.setOffline(false);
  await sara.message('Written in a tunnel.').waitFor();
});

step('no secret is in localStorage, in an address, or in the server’s log', async () => {
  const stored = await widget.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(stored).not.toMatch(/[A-Za-z0-9_-]{43}/);
  expect(world.server.output()).not.toMatch(/DPoP [A-Za-z0-9_-]{20}|eyJ[A-Za-z0-9_-]{20}/);
});

step('no page had an uncaught error', () => {
  expect(world.pageErrors).toEqual([]);
});
