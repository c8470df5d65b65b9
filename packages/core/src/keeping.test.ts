import { expect, test, vi } from 'vitest';
import { createBrowser } from '../test-support/browser.ts';
import { begin, connect, createPage, online, texts, until } from '../test-support/world.ts';
import { createMemoryStorage } from './environment/storage.ts';

const HALF_AN_HOUR = 30 * 60_000;

test('a session that is kept nowhere but in the page ends after half an hour; what was said stays, and one can go on', async () => {
  const server = await begin();
  // Only the long timer is run by hand.
  const real = globalThis.setTimeout;
  const late: (() => void)[] = [];
  const spy = vi
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation(((run: () => void, ms?: number) =>
      ms === HALF_AN_HOUR ? late.push(run) : real(run, ms)) as never);
  const client = connect(server, { storage: { ...createMemoryStorage(), isKept: () => false } });
  client.send('Hello');
  await online(client);
  expect(late).toHaveLength(1);
  late[0]?.();
  await until(() => expect(client.$session.get()).toBe('ended'));
  expect(server.of('DELETE', '/v1/session')).toHaveLength(1);
  expect([texts(client), client.$connection.get()]).toEqual([['Hello'], 'idle']);
  client.send('Are you there?');
  await until(() => expect(texts(client)).toEqual(['Hello', 'Are you there?']));
  expect(server.of('POST', '/v1/sessions')).toHaveLength(2);
  spy.mockRestore();
});

test('where it is kept, it does not', async () => {
  const server = await begin();
  const spy = vi.spyOn(globalThis, 'setTimeout');
  const client = connect(server);
  client.send('Hello');
  await online(client);
  expect(spy.mock.calls.filter(([, ms]) => ms === HALF_AN_HOUR)).toEqual([]);
  spy.mockRestore();
});

test('what waited a week is not sent unasked; what failed a month ago is forgotten', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const day = 86_400_000;
  const keep = (clientId: string, days: number, state: 'waiting' | 'failed') =>
    storage.set(`web_1/outbox/${clientId}`, { clientId, text: clientId, at: Date.now() - days * day, state });
  await keep('one', 1, 'waiting');
  await keep('old', 8, 'waiting');
  await keep('older', 31, 'failed');
  await storage.set('web_1/outbox/broken', { text: 1 });
  const client = connect(server, { storage });
  await client.open();
  await until(() => expect(texts(client)).toEqual(['one', 'old (failed)']));
  expect(client.$messages.get()[1]).toMatchObject({ pending: { error: 'timeout' } });
  client.retry('old');
  await until(() => expect(texts(client)).toEqual(['one', 'old']));
});

test('with 500 unsent messages no more are taken in', async () => {
  const server = await begin();
  server.intercept = (_, response) => {
    response.destroy();
    return true;
  };
  const client = connect(server, { random: () => 1000 });
  for (let n = 0; n < 500; n++) client.send(`${n}`);
  expect(() => client.send('one more')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
});

test('the draft is stored at once when the page goes out of sight, and goes with its conversation', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const { page, tell } = createPage();
  const client = connect(server, { storage, page });
  client.setDraft('Where is');
  tell('hidden');
  expect(await storage.get('web_1/draft')).toMatchObject({ text: 'Where is', path: '' });
  client.send('Hello');
  await online(client);
  expect(client.$draft.get()).toBe('Where is');
  await until(async () =>
    expect(await storage.get('web_1/draft')).toMatchObject({ path: '/v1/conversations/cnv_1' }),
  );
  client.setDraft('');
  await until(async () => expect(await storage.get('web_1/draft')).toBeUndefined());
});

test('the draft is stored while writing goes on, without a pause', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const client = connect(server, { storage });
  await until(async () => {
    client.setDraft(`${client.$draft.get()}x`);
    expect(await storage.get('web_1/draft')).toMatchObject({ text: expect.stringContaining('xx') });
  });
});

test('where the storage throws, nothing is lost while the page lives, and nobody hears of it', async () => {
  const server = await begin();
  const refuse = () => Promise.reject(new DOMException('', 'QuotaExceededError'));
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  const browser = createBrowser(server);
  const memory = createMemoryStorage();
  const { client } = browser.openTab({
    storage: {
      ...memory,
      set: (key, value) => (key.includes('/device') ? memory.set(key, value) : refuse()),
      delete: refuse,
    },
  });
  await client.open();
  client.setDraft('Hel');
  for (const text of ['1', '2', '3']) client.send(text);
  await until(() => expect(texts(client)).toEqual(['1', '2', '3']));
  process.off('unhandledRejection', rejected);
  expect(rejected).not.toHaveBeenCalled();
});

test('a message whose files are uploaded goes with them, also after a reload', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const receipt = { type: 'file', url: null, name: 'receipt.pdf', id: 'file-0001', size: 9 } as const;
  const before = connect(server, { storage, fetch: () => Promise.reject(new Error('no network')) });
  before.send('', [receipt]);
  await until(() => expect(before.$messages.get()[0]).toMatchObject({ pending: { attachments: [receipt] } }));
  before.destroy();
  const after = connect(server, { storage });
  await after.open();
  await until(() =>
    expect(server.of('POST', '/messages')[0]?.json).toMatchObject({ text: '', files: ['file-0001'] }),
  );
  expect(() => after.send(' ')).toThrow('bad_request');
});
