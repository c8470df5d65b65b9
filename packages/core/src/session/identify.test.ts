import { expect, test } from 'vitest';
import { type FakeServer, problem } from '../../test-support/server.ts';
import { begin, connect, online, texts, until } from '../../test-support/world.ts';
import { createMemoryStorage } from '../environment/storage.ts';

/** The server knows whose each session is, and refuses another. */
const withUsers = async (): Promise<FakeServer & { users: Map<string, string> }> => {
  const server = await begin();
  const users = new Map<string, string>();
  server.intercept = ({ path, json, headers }, response) => {
    if (path !== '/v1/session/identify') return false;
    const session = String(headers.authorization);
    const user = String(json.token);
    if (user === 'forged') problem(response, 'identity_invalid', { status: 403 });
    else if ((users.get(session) ?? user) !== user) problem(response, 'conflict', { status: 409 });
    else {
      users.set(session, user);
      const body = {
        customer: { id: 'cus_1', name: user },
        conversationId: 'cnv_1',
        token: null,
        expiresAt: 9e15,
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
    return true;
  };
  return Object.assign(server, { users });
};

test('in the middle of a conversation it keeps session and messages', async () => {
  const server = await withUsers();
  const client = connect(server);
  client.send('Hello');
  await online(client);
  expect(await client.identify('amina')).toEqual({ customer: { id: 'cus_1', name: 'amina' } });
  expect(texts(client)).toEqual(['Hello']);
  expect(server.of('POST', '/sessions')).toHaveLength(1);
});

test('where nothing was begun it opens a session and shows the conversation', async () => {
  const server = await withUsers();
  server.say('Good day');
  const client = connect(server);
  await client.identify(async () => 'amina');
  await until(() => expect(texts(client)).toEqual(['Good day']));
});

test('another user of the device: what the first left is wiped before anything is shown', async () => {
  const server = await withUsers();
  const storage = createMemoryStorage();
  const first = connect(server, { storage });
  first.send('Mine alone');
  await online(first);
  await first.identify('amina');
  first.setDraft('and this is');
  first.destroy();
  const second = connect(server, { storage });
  const shown: string[] = [];
  second.$messages.listen(() => shown.push(...texts(second)));
  server.log.length = 0;
  await second.identify('omar');
  await online(second);
  expect([shown, second.$draft.get()]).toEqual([[], '']);
  expect(server.of('DELETE', '/v1/session')).toHaveLength(1);
  expect(server.keys.size).toBe(2);
  expect([...server.users.values()]).toEqual(['amina', 'omar']);
});

test('a refused token says so; the device’s own conversation goes on', async () => {
  const server = await withUsers();
  const client = connect(server);
  await expect(client.identify('forged')).rejects.toMatchObject({ code: 'identity_invalid' });
  client.send('Hello');
  await until(() => expect(texts(client)).toEqual(['Hello']));
});

test('a function is asked again when a session begins anew, and no more after a log-out', async () => {
  const server = await withUsers();
  const client = connect(server);
  let asked = 0;
  await client.identify(() => {
    asked++;
    return 'amina';
  });
  await online(client);
  server.signal({ type: 'ended' });
  await until(() => expect(client.$session.get()).toBe('ended'));
  client.send('two');
  await until(() => expect(texts(client)).toEqual(['two']));
  expect(asked).toBe(2);
  await client.logout();
  client.send('three');
  await until(() => expect(texts(client).at(-1)).toBe('three'));
  expect(asked).toBe(2);
});

test('who logs out while the page still fetches a token is not logged in by it', async () => {
  const server = await withUsers();
  const storage = createMemoryStorage();
  const client = connect(server, { storage });
  let give = (_token: string) => {};
  const identified = client.identify(
    () =>
      new Promise<string>((resolve) => {
        give = resolve;
      }),
  );
  const refused = expect(identified).rejects.toMatchObject({ code: 'aborted' });
  await until(() => expect(client.$session.get()).toBe('open'));
  await client.logout();
  give('amina');
  await refused;
  expect(server.of('POST', '/v1/session/identify')).toHaveLength(0);
  expect([await storage.list(''), client.$session.get()]).toEqual([[], 'none']);
});

test('log out and log in as somebody else without waiting: one after the other', async () => {
  const server = await withUsers();
  const client = connect(server);
  await client.identify('amina');
  const left = client.logout();
  await client.identify('omar');
  await left;
  expect([...server.users.values()]).toEqual(['amina', 'omar']);
  expect(server.keys.size).toBe(2);
});
