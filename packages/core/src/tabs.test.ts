import { expect, test } from 'vitest';
import { createBrowser, type FakeTab } from '../test-support/browser.ts';
import type { FakeServer } from '../test-support/server.ts';
import { begin, texts, until } from '../test-support/world.ts';

const streams = (server: FakeServer, count: number) => until(() => expect(server.streams.size).toBe(count));
const show = (tab: FakeTab, ...expected: string[]) =>
  until(() => expect(texts(tab.client)).toEqual(expected));
const online = (tab: FakeTab) => until(() => expect(tab.client.$connection.get()).toBe('online'));

/** A browser with a conversation, and as many visible tabs as asked for. The first leads. */
const setUp = async (count: number) => {
  const server = await begin();
  const browser = createBrowser(server);
  const first = browser.openTab();
  await first.client.open();
  first.client.send('Hello');
  await show(first, 'Hello');
  await online(first);
  const others: FakeTab[] = [];
  while (others.length < count - 1) {
    const tab = browser.openTab();
    others.push(tab);
    await tab.client.open();
    await online(tab);
    await show(tab, 'Hello');
  }
  await streams(server, 1);
  return { server, browser, tabs: [first, ...others] as [FakeTab, FakeTab, FakeTab] };
};

test('all tabs follow the stream of one', async () => {
  const { server, tabs } = await setUp(3);
  const heard: string[] = [];
  for (const tab of tabs) tab.client.on('message', ({ event }) => heard.push(event.text));
  server.say('Good day');
  for (const tab of tabs) await show(tab, 'Hello', 'Good day');
  expect(heard).toEqual(['Good day', 'Good day', 'Good day']);
  server.signal({ type: 'positions', positions: { customerReceived: 2, customerRead: 0, agentRead: 1 } });
  for (const tab of tabs) await until(() => expect(tab.client.$positions.get().agentRead).toBe(1));
  expect(server.streams.size).toBe(1);
  expect(server.of('GET', '/events')).toHaveLength(1);
});

test('where the tab that leads crashes or is closed, another takes over and misses nothing', async () => {
  const { server, tabs } = await setUp(3);
  tabs[0].crash();
  server.say('1');
  await show(tabs[1], 'Hello', '1');
  await show(tabs[2], 'Hello', '1');
  await streams(server, 1);
  tabs[1].tell('sleep');
  server.say('2');
  await show(tabs[2], 'Hello', '1', '2');
  await streams(server, 1);
  // Back from the cache.
  tabs[1].tell('visible');
  await show(tabs[1], 'Hello', '1', '2');
  await online(tabs[1]);
  await streams(server, 1);
});

test('a frozen leader silences nobody; when it is back there is one stream again', async () => {
  const { server, tabs } = await setUp(2);
  const [leader, follower] = tabs;
  leader.tell('hidden');
  await until(() => expect(server.of('GET', '/events').length).toBe(2));
  await streams(server, 1);
  // The follower leads now. It is frozen, though it is visible.
  follower.freeze();
  leader.tell('visible');
  server.say('1');
  await show(leader, 'Hello', '1');
  follower.thaw();
  await show(follower, 'Hello', '1');
  await streams(server, 1);
  server.say('2');
  for (const tab of tabs) await show(tab, 'Hello', '1', '2');
}, 20_000);

test('a visible tab gets the stream from a hidden one, and not another hidden tab', async () => {
  const { server, browser, tabs } = await setUp(1);
  tabs[0].tell('hidden');
  const hidden = browser.openTab({ isHidden: true });
  await hidden.client.open();
  await online(hidden);
  const visible = browser.openTab();
  await visible.client.open();
  await online(visible);
  await until(() => expect(server.of('GET', '/events')).toHaveLength(2));
  await streams(server, 1);
  await until(() => expect(server.of('POST', '/presence').at(-1)?.json).toEqual({ visible: true }));
  server.say('1');
  for (const tab of [tabs[0], hidden, visible]) await show(tab, 'Hello', '1');
  expect(server.of('GET', '/events')).toHaveLength(2);
});

test('the customer is present as long as one tab is visible', async () => {
  const { server, tabs } = await setUp(2);
  const told = () => server.of('POST', '/presence').map(({ json }) => json.visible);
  await until(() => expect(told()).toEqual([true]));
  tabs[0].tell('hidden');
  await until(() => expect(told()).toEqual([true, true]));
  tabs[1].tell('hidden');
  await until(() => expect(told()).toEqual([true, true, false]));
});

test('what one tab writes waits in all, is sent once, and in order', async () => {
  const { server, tabs } = await setUp(2);
  server.intercept = ({ path }, response) => {
    if (path.endsWith('/messages')) response.destroy();
    return path.endsWith('/messages');
  };
  const first = tabs[0].client.send('1');
  await until(() => expect(texts(tabs[1].client).at(-1)).toMatch(/^1 \(/));
  tabs[1].client.send('2');
  await until(() => expect(texts(tabs[0].client).at(-1)).toMatch(/^2 \(/));
  tabs[0].client.send('3');
  server.intercept = () => false;
  for (const tab of tabs) await show(tab, 'Hello', '1', '2', '3');
  expect(tabs[1].client.$messages.get()[1]?.key).toBe(first);
  expect(server.log).toHaveLength(4);
});

test('a tab that dies while it sends is taken over, and nothing is doubled', async () => {
  const { server, tabs } = await setUp(2);
  let isFirst = true;
  server.intercept = (heard) => {
    if (!heard.path.endsWith('/messages') || !isFirst) return false;
    isFirst = false;
    server.carries = () => false;
    server.store(heard);
    // The answer never comes.
    return true;
  };
  tabs[0].client.send('1');
  tabs[0].client.send('2');
  await until(() => expect(texts(tabs[1].client)).toEqual(['Hello', '1 (sending)', '2 (waiting)']));
  await until(() => expect(isFirst).toBe(false));
  tabs[0].crash();
  await show(tabs[1], 'Hello', '1', '2');
  expect(server.log).toHaveLength(3);
});

test('where the log has a message, nobody waits for its answer', async () => {
  const { server, tabs } = await setUp(1);
  server.intercept = (heard) => {
    if (heard.json.text === '1') server.store(heard);
    // The answer never comes.
    return heard.json.text === '1';
  };
  for (const text of ['1', '2']) tabs[0].client.send(text);
  await show(tabs[0], 'Hello', '1', '2');
  expect(server.log).toHaveLength(3);
});

test('a tab that freezes while it sends holds nobody up', async () => {
  const { server, tabs } = await setUp(2);
  server.intercept = ({ path }) => {
    if (path.endsWith('/messages')) tabs[0].freeze();
    return false;
  };
  tabs[0].client.send('1');
  await show(tabs[1], 'Hello', '1');
  server.intercept = () => false;
  tabs[1].client.send('2');
  await show(tabs[1], 'Hello', '1', '2');
  tabs[0].thaw();
  await show(tabs[0], 'Hello', '1', '2');
  expect(server.log).toHaveLength(3);
}, 20_000);

test('a message can be retried and deleted in another tab', async () => {
  const { server, tabs } = await setUp(2);
  server.intercept = ({ path }, response) => {
    if (path.endsWith('/messages')) response.writeHead(413).end();
    return path.endsWith('/messages');
  };
  const one = tabs[0].client.send('1');
  const two = tabs[0].client.send('2');
  await show(tabs[1], 'Hello', '1 (failed)', '2 (failed)');
  server.intercept = () => false;
  tabs[1].client.discard(one);
  await show(tabs[0], 'Hello', '2 (failed)');
  tabs[1].client.retry(two);
  for (const tab of tabs) await show(tab, 'Hello', '2');
});

test('a session that begins in one tab is taken up by all; the end of it ends all', async () => {
  const server = await begin();
  const browser = createBrowser(server);
  const tabs = [browser.openTab(), browser.openTab()] as const;
  for (const { client } of tabs) await client.open();
  tabs[0].client.send('Hello');
  await show(tabs[1], 'Hello');
  await streams(server, 1);
  tabs[1].client.setDraft('Not for the next');
  await until(() => expect(tabs[0].client.$draft.get()).toBe('Not for the next'));
  await tabs[0].client.logout();
  for (const { client } of tabs) {
    await until(() =>
      expect([client.$session.get(), texts(client), client.$draft.get()]).toEqual(['none', [], '']),
    );
  }
  expect(await browser.storage.list('')).toEqual([]);
  await streams(server, 0);
});

test('a draft is the same in all tabs, and survives them', async () => {
  const { browser, tabs } = await setUp(2);
  tabs[0].client.setDraft('My parcel');
  await until(() => expect(tabs[1].client.$draft.get()).toBe('My parcel'));
  tabs[0].crash();
  tabs[1].crash();
  const tab = browser.openTab();
  await tab.client.open();
  expect(tab.client.$draft.get()).toBe('My parcel');
  tab.client.send('My parcel');
  expect(tab.client.$draft.get()).toBe('');
  await until(async () => expect(await browser.storage.get('web_1/draft')).toBeUndefined());
});
