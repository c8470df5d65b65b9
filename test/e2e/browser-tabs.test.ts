/**
 * Several tabs of one browser: they share one live stream, and whatever happens to the tab that has it, the others go on
 * showing what the log holds.
 */
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import { crash, freeze, loggedTexts, putAway, setHidden, shownTexts } from '../support/faulty-browser.ts';
import { openStreams } from '../support/gauges.ts';
import type { WidgetPage } from '../support/pages/widget-page.ts';
import { SOON } from '../support/patience.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let sara: AgentClient;
let visitor: BrowserContext;
let tabs: WidgetPage[];
let count = 0;
let hello: string;

beforeAll(async () => {
  world = await startWorld();
  sara = await signInAgent(world.server.url, await world.addAgent('Sara'));
});
afterAll(async () => {
  await world?.close();
});

const openTab = async (): Promise<WidgetPage> => {
  const tab = await world.visit(visitor);
  await tab.reopen();
  tabs.push(tab);
  return tab;
};

beforeEach(async () => {
  onTestFailed(async () => {
    for (const [index, page] of visitor.pages().entries())
      await page
        .screenshot({ path: `test-results/browser-tabs-${index}.png`, timeout: 2000 })
        .catch(() => {});
  });
  visitor = await world.device();
  tabs = [];
  count += 1;
  hello = `Hello from several tabs, ${count}`;
  // The first one has the stream.
  const first = await openTab();
  await first.send(hello);
  await expectSame([first], [hello]);
});
afterEach(async () => {
  await visitor.close();
  await expectStreams(0);
  expect(world.pageErrors.splice(0)).toEqual([]);
});

/** All these tabs and the log say the same. */
const expectSame = async (pages: readonly WidgetPage[], texts: readonly string[]) => {
  for (const page of pages)
    await expect.poll(() => shownTexts(page), SOON).toEqual({ sent: texts, waiting: [] });
  expect(loggedTexts(world, hello)).toEqual(texts);
};
const expectStreams = (streams: number) =>
  expect.poll(() => openStreams(world.server.url), SOON).toBe(streams);

const reply = async (text: string) => {
  const { body } = await sara.request('GET', '/v1/inbox/conversations');
  expect((await sara.reply(body.conversations[0]?.id, text)).status).toBe(201);
};
/** Within seconds, as a customer who waits for an answer would have it. */
const hears = (tab: WidgetPage, text: string) => tab.message(text).waitFor({ timeout: 20_000 });
const first = (): WidgetPage => {
  const [tab] = tabs;
  if (!tab) throw new Error('there is a first tab');
  return tab;
};

test('tabs that write at the same time show one thread, in one order, over one stream', async () => {
  const others = [await openTab(), await openTab()];
  const all = [first(), ...others];
  for (const tab of others) await tab.message(hello).waitFor();
  await expectStreams(1);
  const TEXTS = 6;
  await Promise.all(
    all.map(async (tab, index) => {
      for (let n = 0; n < TEXTS; n += 1) await tab.send(`tab ${index}, ${n}`);
    }),
  );
  await expect.poll(() => loggedTexts(world, hello).length, SOON).toBe(1 + all.length * TEXTS);
  const logged = loggedTexts(world, hello);
  await expectSame(all, logged);
  for (const index of all.keys()) {
    const own = logged.filter((text) => text.startsWith(`tab ${index},`));
    expect(own).toEqual(Array.from({ length: TEXTS }, (_, n) => `tab ${index}, ${n}`));
  }
  await reply('To all of you');
  for (const tab of all) await hears(tab, 'To all of you');
  await expectStreams(1);
});

test('the tab with the stream is closed, or dies: the others go on', async () => {
  const [second, third] = [await openTab(), await openTab()];
  await third.message(hello).waitFor();
  await first().page.close();
  await reply('After it was closed');
  for (const tab of [second, third]) await hears(tab, 'After it was closed');
  await crash(second.page);
  await reply('After it died');
  await hears(third, 'After it died');
  await expectStreams(1);
  await expectSame([third], [hello, 'After it was closed', 'After it died']);
});

test('the tab with the stream goes into the background: those in sight hear at once', async () => {
  const second = await openTab();
  await second.message(hello).waitFor();
  await setHidden(first().page, true);
  await reply('While it was hidden');
  await hears(second, 'While it was hidden');
  await setHidden(first().page, false);
  await setHidden(second.page, true);
  await reply('The other way round');
  await hears(first(), 'The other way round');
  await expectSame([first(), second], [hello, 'While it was hidden', 'The other way round']);
  await expectStreams(1);
});

test('the tab with the stream is frozen: the others are not silenced, and it catches up', async () => {
  const second = await openTab();
  await second.message(hello).waitFor();
  const thaw = await freeze(first().page);
  await reply('While it was frozen');
  await hears(second, 'While it was frozen');
  await second.send('And back');
  await expectSame([second], [hello, 'While it was frozen', 'And back']);
  await thaw();
  await expectSame([first(), second], [hello, 'While it was frozen', 'And back']);
  await reply('To both');
  for (const tab of [first(), second]) await hears(tab, 'To both');
  await expectStreams(1);
});

test('a page in the back-forward cache keeps neither the stream nor the lock, and misses nothing', async () => {
  const second = await openTab();
  await second.message(hello).waitFor();
  const comeBack = await putAway(first().page);
  await expectStreams(1);
  await reply('While it was away');
  await hears(second, 'While it was away');
  await second.send('And back');
  await expectSame([second], [hello, 'While it was away', 'And back']);
  await comeBack();
  await first().send('From the page that came back');
  const texts = [hello, 'While it was away', 'And back', 'From the page that came back'];
  await expectSame([first(), second], texts);
  await reply('To both');
  for (const tab of [first(), second]) await hears(tab, 'To both');
  await expectStreams(1);
});

test('someone goes to another page while a message is on its way, and back', async () => {
  const { page } = first();
  await first().send('On its way');
  await page.goto(`${world.server.url}/healthz`);
  await page.goBack();
  await first().reopen();
  await expectSame([first()], [hello, 'On its way']);
  await expectStreams(1);
});
