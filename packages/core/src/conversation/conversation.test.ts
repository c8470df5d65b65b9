import { expect, onTestFinished, test, vi } from 'vitest';
import { type FakeServer, problem } from '../../test-support/server.ts';
import { begin, createPage, until } from '../../test-support/world.ts';
import { createApi } from '../api/api.ts';
import { createConversation } from './create-conversation.ts';
import type { ConversationHandle, ConversationOptions, ConversationView } from './types.ts';

type Conversation = ConversationHandle<ConversationView>;

const open = (server: FakeServer, options: Partial<ConversationOptions> = {}) => {
  const conversation = createConversation({
    api: createApi({ baseUrl: server.url }),
    self: 'customer',
    path: '/v1/conversations/cnv_1',
    ...options,
    environment: { random: () => 0, ...options.environment },
  });
  onTestFinished(conversation.destroy);
  conversation.connect();
  return conversation;
};
const seqs = (conversation: Conversation) => conversation.$messages.get().map(({ seq }) => seq);
const online = (server: FakeServer, conversation: Conversation) =>
  until(() => {
    expect(conversation.$connection.get()).toBe('online');
    expect(server.streams.size).toBe(1);
  });

test('history first, then the stream from where it ends', async () => {
  const server = await begin();
  for (let n = 1; n <= 60; n++) server.say(`${n}`);
  const conversation = open(server);
  await online(server, conversation);
  expect(seqs(conversation)).toEqual(Array.from({ length: 50 }, (_, n) => n + 11));
  expect(server.of('GET', '/events')[0]?.search.get('offset')).toBe('0000000000000060');
  server.say('61');
  await until(() => expect(seqs(conversation).at(-1)).toBe(61));

  expect(conversation.$hasEarlier.get()).toBe(true);
  await Promise.all([conversation.loadEarlier(), conversation.loadEarlier()]);
  expect(seqs(conversation)).toEqual(Array.from({ length: 61 }, (_, n) => n + 1));
  expect(await conversation.loadEarlier()).toBe(false);
});

test('a conversation of which nothing is shown yet begins after visibleAfter', async () => {
  const server = await begin();
  server.say('private');
  server.visibleAfter = 1;
  const conversation = open(server);
  await online(server, conversation);
  server.say('Hello');
  await until(() => expect(seqs(conversation)).toEqual([2]));
});

test('a gap is fetched before what comes after it is shown; duplicates are dropped', async () => {
  const server = await begin();
  server.say('1');
  const conversation = open(server);
  await online(server, conversation);
  const seen: (number | null)[][] = [];
  conversation.$messages.listen(() => seen.push(seqs(conversation)));
  server.carries = ({ seq }) => seq > 3;
  for (const text of ['2', '3', '4']) server.say(text);
  server.deliver(server.log.slice(0, 2));
  await until(() => expect(seqs(conversation)).toEqual([1, 2, 3, 4]));
  for (const shown of seen) expect(shown).toEqual(shown.map((_, index) => index + 1));
});

test('a gap that cannot be fetched is closed by the next connection', async () => {
  const server = await begin();
  const conversation = open(server);
  await online(server, conversation);
  server.intercept = ({ search, path }, response) => {
    const isFetch = path.endsWith('/events') && !search.get('live');
    if (isFetch) problem(response, 'internal', { status: 500 });
    return isFetch;
  };
  server.carries = ({ seq }) => seq > 1;
  server.say('1');
  server.say('2');
  await until(() => expect(seqs(conversation)).toEqual([1, 2]));
});

test('a cut connection comes back by itself and misses nothing', async () => {
  const server = await begin();
  const conversation = open(server);
  await online(server, conversation);
  server.cut();
  server.say('1');
  await until(() => expect(seqs(conversation)).toEqual([1]));
  await online(server, conversation);
  server.say('2');
  await until(() => expect(seqs(conversation)).toEqual([1, 2]));
});

test('while the server is away the state says so; news of the network reconnect at once', async () => {
  const server = await begin();
  const { page, tell } = createPage();
  const conversation = open(server, { environment: { page, random: () => 0.999 } });
  await online(server, conversation);
  server.intercept = (_, response) => {
    response.destroy();
    return true;
  };
  server.cut();
  await until(() => expect(conversation.$connection.get()).toBe('reconnecting'));
  server.intercept = () => false;
  tell('online');
  await online(server, conversation);
  tell('offline');
  expect(conversation.$connection.get()).toBe('offline');
  await until(() => expect(server.streams.size).toBe(0));
  tell('visible');
  await online(server, conversation);
});

test('after drain the client comes back when it was told to', async () => {
  const server = await begin();
  const conversation = open(server, { environment: { random: () => 0.5 } });
  await online(server, conversation);
  const before = Date.now();
  server.signal({ type: 'drain', withinMs: 400 });
  await until(() => expect(server.streams.size).toBe(0));
  await online(server, conversation);
  expect(Date.now() - before).toBeGreaterThanOrEqual(190);
});

test('where a stream does not get through, long-polling takes over', async () => {
  const server = await begin();
  server.intercept = ({ search }) => search.get('live') === 'sse';
  const conversation = open(server);
  await until(() => expect(conversation.$connection.get()).toBe('online'));
  server.say('1');
  await until(() => expect(seqs(conversation)).toEqual([1]));
  server.say('2');
  await until(() => expect(seqs(conversation)).toEqual([1, 2]));
  expect(server.of('GET', '/events').filter(({ search }) => search.get('live') === 'sse')).toHaveLength(1);
}, 15_000);

test('where fetch cannot stream, long-polling begins at once', async () => {
  const server = await begin();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init);
    if (response.headers.get('content-type') === 'text/event-stream') {
      Object.defineProperty(response, 'body', { value: null });
    }
    return response;
  };
  const conversation = open(server, { api: createApi({ baseUrl: server.url, fetch }) });
  await until(() => expect(conversation.$connection.get()).toBe('online'));
  server.positions.agentRead = 1;
  server.say('1');
  await until(() => expect(seqs(conversation)).toEqual([1]));
  await until(() => expect(conversation.$positions.get().agentRead).toBe(1));
});

test('a reader who is not let in is told so', async () => {
  const server = await begin();
  server.intercept = (_, response) => {
    problem(response, 'not_found', { status: 404 });
    return true;
  };
  const onEnded = vi.fn();
  const conversation = open(server, { onEnded });
  await until(() => expect(onEnded).toHaveBeenCalledOnce());
  expect(conversation.$connection.get()).toBe('idle');
});

test('typing is shown until it stops, is not repeated, or becomes a message', async () => {
  const server = await begin();
  const conversation = open(server);
  await online(server, conversation);
  const agent = { id: 'a', name: 'Ines', pictureUrl: null, status: 'online' } as const;
  server.signal({ type: 'typing', from: 'customer', agent: null, on: true });
  server.signal({ type: 'typing', from: 'agent', agent, on: true });
  await until(() => expect(conversation.$typing.get()).toMatchObject({ agent }));
  server.say('Hello');
  await until(() => expect(conversation.$typing.get()).toBeNull());
});

test('positions only grow, and unread counts the other side after the own read position', async () => {
  const server = await begin();
  const conversation = open(server);
  await online(server, conversation);
  server.say('1');
  server.say('2', 'customer');
  server.say('3');
  await until(() => expect(conversation.$unread.get()).toBe(2));
  server.signal({
    type: 'positions',
    positions: { customerReceived: 3, customerRead: 1, agentReceived: 3, agentRead: 2 },
  });
  await until(() => expect(conversation.$unread.get()).toBe(1));
  server.signal({
    type: 'positions',
    positions: { customerReceived: 2, customerRead: 0, agentReceived: 2, agentRead: 3 },
  });
  await until(() => expect(conversation.$positions.get().agentRead).toBe(3));
  expect(conversation.$positions.get()).toEqual({
    customerReceived: 3,
    customerRead: 1,
    agentReceived: 3,
    agentRead: 3,
  });

  const other = open(server, { self: 'agent' });
  await until(() => expect(other.$unread.get()).toBe(1));
});

test('receipts: received while visible, read when marked, together at most once a second', async () => {
  const server = await begin();
  const { page, tell } = createPage();
  tell('hidden');
  const conversation = open(server, { environment: { page } });
  await online(server, conversation);
  server.say('1');
  await until(() => expect(seqs(conversation)).toEqual([1]));
  conversation.markRead();
  tell('visible');
  await until(() =>
    expect(server.of('POST', '/receipts').map(({ json }) => json)).toEqual([{ received: 1 }]),
  );
  expect(conversation.$unread.get()).toBe(1);
  for (const text of ['2', '3']) server.say(text);
  await until(() => expect(seqs(conversation)).toEqual([1, 2, 3]));
  conversation.markRead();
  conversation.markRead();
  expect(conversation.$unread.get()).toBe(0);
  expect(server.of('POST', '/receipts')).toHaveLength(1);
  await until(() => expect(server.of('POST', '/receipts')).toHaveLength(2));
  expect(server.of('POST', '/receipts')[1]?.json).toEqual({ received: 3, read: 3 });
});

test('presence is told with each connection and each change', async () => {
  const server = await begin();
  const conversation = open(server);
  await online(server, conversation);
  const told = () => server.of('POST', '/presence').map(({ json }) => json.visible);
  await until(() => expect(told()).toEqual([true]));
  conversation.setVisible(false);
  conversation.setVisible(false);
  await until(() => expect(told()).toEqual([true, false]));
  server.cut();
  await until(() => expect(told()).toEqual([true, false, false]));
});

test('an agent shows no presence and acknowledges reading only', async () => {
  const server = await begin();
  const conversation = open(server, { self: 'agent' });
  await online(server, conversation);
  server.say('Help', 'customer');
  await until(() => expect(conversation.$unread.get()).toBe(1));
  conversation.markRead();
  await until(() => expect(server.of('POST', '/receipts').map(({ json }) => json)).toEqual([{ read: 1 }]));
  expect(server.of('POST', '/presence')).toEqual([]);
});

test('listeners hear new events once, never history, until they are stopped', async () => {
  const server = await begin();
  server.say('old');
  const conversation = open(server);
  const messages: string[] = [];
  const stop = new AbortController();
  conversation.on('message', ({ event }) => messages.push(event.text), { signal: stop.signal });
  const failing = vi.spyOn(console, 'error').mockImplementation(() => {});
  conversation.on('event', () => {
    throw new Error('a listener of the host');
  });
  await online(server, conversation);
  server.say('1');
  server.say('mine', 'customer');
  server.deliver(server.log);
  await until(() => expect(seqs(conversation)).toHaveLength(3));
  expect(messages).toEqual(['1']);
  expect(failing).toHaveBeenCalled();
  failing.mockRestore();
  stop.abort();
  server.say('2');
  await until(() => expect(seqs(conversation)).toHaveLength(4));
  expect(messages).toEqual(['1']);
});

test('the place in the queue moves without anything being read again', async () => {
  const server = await begin();
  const conversation = open(server);
  await online(server, conversation);
  const reads = server.of('GET', '/cnv_1').length;
  server.signal({ type: 'queue', position: 3 });
  await until(() => expect(conversation.$view.get()).toMatchObject({ queuePosition: 3 }));
  expect(server.of('GET', '/cnv_1')).toHaveLength(reads);
});
