import { expect, test } from 'vitest';
import { problem } from '../../test-support/server.ts';
import { begin, connect, online, texts, until } from '../../test-support/world.ts';
import { createMemoryStorage } from '../environment/storage.ts';

test('each request carries a fresh proof, bound to method, address and token', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('Hello');
  await online(client);
  const [opening] = server.of('POST', '/sessions');
  expect(opening?.proof).toMatchObject({ htm: 'POST', htu: `${server.url}/v1/sessions` });
  expect(opening?.proof).not.toHaveProperty('ath');
  expect(opening?.headers.authorization).toBeUndefined();
  const [stream] = server.of('GET', '/events');
  expect(stream?.proof).toMatchObject({ htm: 'GET', htu: `${server.url}/v1/conversations/cnv_1/events` });
  expect(stream?.proof).toHaveProperty('ath');
  expect(stream?.headers).toMatchObject({ authorization: 'DPoP token-1', 'continuo-version': '1' });
  expect(server.keys.size).toBe(1);
});

test('a stored session is taken up again, with history and key', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const first = connect(server, { storage });
  first.send('Hello');
  await until(() => expect(texts(first)).toEqual(['Hello']));
  first.destroy();
  server.say('Good day');
  const second = connect(server, { storage });
  await second.open();
  await until(() => expect(texts(second)).toEqual(['Hello', 'Good day']));
  expect(second.$unread.get()).toBe(1);
  expect(server.of('POST', '/sessions')).toHaveLength(1);
  expect(server.keys.size).toBe(1);
});

test('a wrong clock is corrected from proof_stale, and the request repeated once', async () => {
  const server = await begin();
  const client = connect(server, { now: () => Date.now() - 1e7 });
  server.intercept = ({ proof }, response) => {
    const isStale = proof && Math.abs(Number(proof.iat) * 1000 - Date.now()) > 60_000;
    if (isStale) problem(response, 'proof_stale', { status: 401, serverTime: Date.now() });
    return Boolean(isStale);
  };
  client.send('Hello');
  await until(() => expect(texts(client)).toEqual(['Hello']));
  expect(server.of('POST', '/sessions')).toHaveLength(2);
  expect(server.of('POST', '/messages')).toHaveLength(1);
});

test('a request that something on the way sent twice is repeated with a fresh proof, once', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('Hello');
  await online(client);
  const proofs: unknown[] = [];
  server.intercept = ({ path, proof }, response) => {
    const isDoubled = path.endsWith('/messages') && proofs.push(proof?.jti) % 2 === 1;
    if (isDoubled) problem(response, 'proof_invalid', { status: 401 });
    return isDoubled;
  };
  client.send('twice');
  await until(() => expect(texts(client)).toEqual(['Hello', 'twice']));
  expect(new Set(proofs).size).toBe(2);
  server.intercept = ({ path }, response) => {
    const isRefused = path.endsWith('/messages');
    if (isRefused) problem(response, 'proof_invalid', { status: 401 });
    return isRefused;
  };
  const before = server.of('POST', '/messages').length;
  client.send('never');
  await until(() =>
    expect(client.$messages.get().at(-1)).toMatchObject({
      pending: { state: 'failed', error: 'proof_invalid' },
    }),
  );
  expect(server.of('POST', '/messages')).toHaveLength(before + 2);
});

test('after the end of the session messages stay; sending opens a new one', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('one');
  await online(client);
  server.signal({ type: 'ended' });
  await until(() => expect(client.$session.get()).toBe('ended'));
  expect(texts(client)).toEqual(['one']);
  client.send('two');
  await until(() => expect(texts(client)).toEqual(['one', 'two']));
  expect(client.$session.get()).toBe('open');
  await online(client);
});

test('a session whose end was not noticed is replaced by the message that meets it', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('one');
  await online(client);
  server.intercept = ({ path, headers }, response) => {
    const isOver = path.endsWith('/messages') && headers.authorization === 'DPoP token-1';
    if (isOver) problem(response, 'session_ended', { status: 401 });
    return isOver;
  };
  client.send('two');
  await until(() => expect(texts(client)).toEqual(['one', 'two']));
  expect(server.of('POST', '/sessions')).toHaveLength(2);
  expect(client.$session.get()).toBe('open');
});

test('where no new session is given, the message fails with session_ended', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('one');
  await online(client);
  server.intercept = (_, response) => {
    problem(response, 'session_ended', { status: 401 });
    return true;
  };
  client.send('two');
  await until(() => expect(texts(client)).toEqual(['one', 'two (failed)']));
  expect(client.$messages.get()[1]).toMatchObject({ pending: { error: 'session_ended' } });
  expect(client.$session.get()).toBe('ended');
});

test('a session that ended here is taken up anew when another tab has a newer one', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const client = connect(server, { storage });
  client.send('Hello');
  await online(client);
  await connect(server, { storage }).handoff.redeem('x'.repeat(43));
  server.intercept = ({ headers }, response) => {
    const isOld = headers.authorization === 'DPoP token-1';
    if (isOld) problem(response, 'session_ended', { status: 401 });
    return isOld;
  };
  server.cut();
  await until(() => expect(server.streams.size).toBe(2));
  expect(client.$session.get()).toBe('open');
});

test('logout forgets key, session and messages', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const client = connect(server, { storage });
  client.send('Hello');
  await online(client);
  await client.logout();
  expect(server.of('DELETE', '/v1/session')).toHaveLength(1);
  expect(await storage.list('')).toEqual([]);
  expect([client.$session.get(), client.$connection.get(), texts(client)]).toEqual(['none', 'idle', []]);
});

test('two tabs that begin at once are one device', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  const tabs = [connect(server, { storage }), connect(server, { storage })];
  for (const tab of tabs) tab.send('Hello');
  await Promise.all(tabs.map(online));
  expect(server.keys.size).toBe(1);
});
