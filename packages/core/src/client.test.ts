import { expect, test } from 'vitest';
import { problem } from '../test-support/server.ts';
import { begin, connect, createPage, online, texts, until } from '../test-support/world.ts';
import { createMemoryStorage } from './environment/storage.ts';

test('nothing is requested before open, nothing created before the first message', async () => {
  const server = await begin();
  const client = connect(server);
  expect(server.requests).toEqual([]);
  await client.open();
  expect(server.requests.map(({ path }) => path)).toEqual(['/v1/web/web_1']);
  expect(client.$channel.get()?.workspace.name).toBe('Brand');
  expect(client.$session.get()).toBe('none');
});

test('the first message opens a session, is sent once, and keeps its key', async () => {
  const server = await begin();
  const client = connect(server);
  const keys: string[][] = [];
  client.$messages.listen((items) => keys.push(items.map(({ key }) => key)));
  const clientId = client.send('Hello');
  expect(texts(client)).toEqual(['Hello (waiting)']);
  await until(() => expect(texts(client)).toEqual(['Hello']));
  await online(client);
  expect(client.$session.get()).toBe('open');
  expect(server.of('POST', '/sessions')).toHaveLength(1);
  expect(server.of('POST', '/messages').map(({ json }) => json)).toEqual([{ clientId, text: 'Hello' }]);
  expect(new Set(keys.map((list) => list.join()))).toEqual(new Set([clientId]));
});

test('the first message is news, once, although it may be in the page of history that was read meanwhile', async () => {
  const client = connect(await begin());
  const heard: string[] = [];
  client.on('event', ({ event }) => heard.push(event.type === 'message' ? event.text : event.type));
  client.send('Hello');
  await until(() => expect(texts(client)).toEqual(['Hello']));
  await online(client);
  client.send('Anyone there?');
  await until(() => expect(heard).toContain('Anyone there?'));
  expect(heard.filter((text) => text === 'Hello')).toHaveLength(1);
});

test('a request of another kind begins the conversation where there is none, and is proved like all others', async () => {
  const server = await begin();
  const client = connect(server);
  server.intercept = ({ method, path }, response) => {
    if (method !== 'POST' || !path.endsWith('/wave')) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"waved":true}');
    return true;
  };
  const answers = Promise.all([
    client.request('post', 'wave', { json: { hand: 'left' } }),
    client.request('post', 'wave'),
  ]);
  expect(await answers).toEqual([{ waved: true }, { waved: true }]);
  expect(server.of('POST', '/sessions')).toHaveLength(1);
  const [waved] = server.of('POST', '/wave');
  expect(waved?.json).toEqual({ hand: 'left' });
  await until(() => expect(waved?.path).toBe(`/v1/conversations/${client.$conversation.get()?.id}/wave`));
});

test('what a page left unsent is sent by the next one, in order and with the same ids', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  server.intercept = (heard, response) => {
    if (!heard.path.endsWith('/messages')) return false;
    response.destroy();
    return true;
  };
  const first = connect(server, { storage });
  const ids = ['one', 'two', 'three'].map((text) => first.send(text));
  await until(() => expect(server.of('POST', '/messages').length).toBeGreaterThan(0));
  first.destroy();
  server.intercept = () => false;
  const second = connect(server, { storage });
  await second.open();
  await until(() => expect(texts(second)).toEqual(['one', 'two', 'three']));
  expect(second.$messages.get().map(({ key }) => key)).toEqual(ids);
  expect(await storage.list('web_1/outbox/')).toEqual([]);
});

test('a lost answer does not double a message', async () => {
  const server = await begin();
  const client = connect(server);
  let isFirst = true;
  server.intercept = (heard, response) => {
    if (!heard.path.endsWith('/messages') || !isFirst) return false;
    isFirst = false;
    server.store(heard);
    response.destroy();
    return true;
  };
  client.send('Hello');
  await until(() => expect(texts(client)).toEqual(['Hello']));
  expect(server.log).toHaveLength(1);
});

test('a message is stored before it is first sent', async () => {
  const server = await begin();
  const memory = createMemoryStorage();
  let release = () => {};
  const isStored = new Promise<void>((resolve) => {
    release = resolve;
  });
  const set = async (key: string, value: unknown) => {
    if (key.includes('/outbox/')) await isStored;
    await memory.set(key, value);
  };
  const client = connect(server, { storage: { ...memory, set } });
  await client.handoff.redeem('x'.repeat(43));
  client.send('Hello');
  await online(client);
  expect(server.of('POST', '/messages')).toEqual([]);
  release();
  await until(() => expect(texts(client)).toEqual(['Hello']));
});

test('a refused message stays, with why, and can be retried or discarded', async () => {
  const server = await begin();
  const client = connect(server);
  server.intercept = ({ path }, response) => {
    if (path.endsWith('/messages')) problem(response, 'too_large', { status: 413 });
    return path.endsWith('/messages');
  };
  const one = client.send('one');
  await until(() => expect(texts(client)).toEqual(['one (failed)']));
  const two = client.send('two');
  await until(() => expect(texts(client)).toEqual(['one (failed)', 'two (failed)']));
  expect(client.$messages.get()[0]).toMatchObject({ pending: { error: 'too_large' } });
  client.discard(two);
  server.intercept = () => false;
  client.retry(one);
  await until(() => expect(texts(client)).toEqual(['one']));
});

test('429 is waited out as long as the server asks', async () => {
  const server = await begin();
  const client = connect(server);
  const times: number[] = [];
  server.intercept = ({ path }, response) => {
    if (!path.endsWith('/messages')) return false;
    times.push(Date.now());
    if (times.length === 1) problem(response, 'rate_limited', { status: 429, retryAfter: 1 });
    return times.length === 1;
  };
  client.send('one');
  await until(() => expect(texts(client)).toEqual(['one']));
  expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(990);
});

test('426 means that the page must be reloaded; what was written is kept', async () => {
  const server = await begin();
  const client = connect(server);
  server.intercept = ({ path }, response) => {
    if (path !== '/v1/web/web_1') problem(response, 'version_unsupported', { status: 426, supported: [2] });
    return path !== '/v1/web/web_1';
  };
  await client.open();
  client.send('Hello');
  await until(() => expect(client.$connection.get()).toBe('outdated'));
  await until(() => expect(texts(client)).toEqual(['Hello (waiting)']));
});

test('a handoff is peeked with the device key alone, and redeemed into a session', async () => {
  const server = await begin();
  const client = connect(server);
  server.say('We are sorry');
  const token = 'x'.repeat(43);
  expect(await client.handoff.peek(token)).toEqual({ state: 'live' });
  await client.handoff.redeem(token, { join: true });
  await until(() => expect(texts(client)).toEqual(['We are sorry']));
  const [redeem] = server.of('POST', '/redeem');
  expect(redeem?.json).toEqual({ token, channelKey: 'web_1', join: true });
  expect(redeem?.headers.authorization).toBeUndefined();
  expect(server.keys.size).toBe(1);
});

test('from then on the stream speaks for the new session', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('Hello');
  await online(client);
  await client.handoff.redeem('x'.repeat(43), { join: false });
  await until(() => {
    expect(server.of('GET', '/events').at(-1)?.headers.authorization).toBe('DPoP token-2');
    expect(server.streams.size).toBe(1);
  });
});

test('a refused handoff rejects with the code and leaves everything as it was', async () => {
  const server = await begin();
  const client = connect(server);
  server.intercept = (_, response) => {
    problem(response, 'handoff_used', { status: 410, renewable: true });
    return true;
  };
  await expect(client.handoff.redeem('x'.repeat(43))).rejects.toMatchObject({
    code: 'handoff_used',
    status: 410,
    problem: { renewable: true },
  });
  expect(client.$session.get()).toBe('none');
});

test('a destroyed client sends nothing more', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('Hello');
  await online(client);
  client.destroy();
  await until(() => expect(server.streams.size).toBe(0));
  expect(() => client.send('x')).toThrow(expect.objectContaining({ code: 'destroyed' }));
  await expect(client.choose('wait')).rejects.toMatchObject({ code: 'destroyed' });
});

test('a message that waits goes out as soon as the stream is back', async () => {
  const server = await begin();
  const { page, tell } = createPage();
  // Waits so long that only news can end it.
  const client = connect(server, { page, random: () => 1000 });
  client.send('one');
  await online(client);
  server.intercept = (_, response) => {
    response.destroy();
    return true;
  };
  client.send('two');
  server.cut();
  await until(() => expect(texts(client)).toEqual(['one', 'two (waiting)']));
  server.intercept = () => false;
  tell('visible');
  await until(() => expect(texts(client)).toEqual(['one', 'two']));
});

test('a message that gets through brings the stream back', async () => {
  const server = await begin();
  const client = connect(server, { random: () => 1000 });
  client.send('one');
  await online(client);
  await until(() => expect(server.streams.size).toBe(1));
  server.cut();
  await until(() => expect(server.streams.size).toBe(0));
  client.send('two');
  await until(() => expect(server.streams.size).toBe(1));
  server.say('three');
  await until(() => expect(texts(client)).toEqual(['one', 'two', 'three']));
});

test('a page of history that is asked for again carries a proof of its own', async () => {
  const server = await begin();
  const client = connect(server);
  for (let n = 1; n <= 60; n++) server.say(`${n}`);
  await client.handoff.redeem('x'.repeat(43));
  await online(client);
  let refusals = 0;
  server.intercept = ({ search }, response) => {
    const isRefused = search.has('before') && ++refusals === 1;
    if (isRefused) problem(response, 'unavailable', { status: 503 });
    return isRefused;
  };
  expect(await client.loadEarlier()).toBe(false);
  expect(texts(client)).toHaveLength(60);
});
