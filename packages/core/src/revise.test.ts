import { expect, test } from 'vitest';
import { begin, connect, online, texts, until } from '../test-support/world.ts';
import { deleteMessage, editMessage } from './conversation/revise.ts';
import { createMemoryStorage } from './environment/storage.ts';

const actor = { kind: 'customer', id: 'cus_1', name: null } as const;

test('what a message answers is kept with it until it is sent, over a reload', async () => {
  const server = await begin();
  const storage = createMemoryStorage();
  server.say('Which one?');
  server.intercept = ({ path }, response) => {
    if (path.endsWith('/messages')) response.destroy();
    return path.endsWith('/messages');
  };
  const first = connect(server, { storage });
  first.send('The red one', undefined, { replyTo: 1 });
  await until(() =>
    expect(first.$messages.get().at(-1)).toMatchObject({ pending: { text: 'The red one', replyTo: 1 } }),
  );
  await until(() => expect(server.of('POST', '/messages').length).toBeGreaterThan(0));
  first.destroy();
  server.intercept = () => false;
  const second = connect(server, { storage });
  await second.open();
  await until(() => expect(texts(second)).toEqual(['Which one?', 'The red one']));
  expect(server.of('POST', '/messages').map(({ json }) => json.replyTo)).toSatisfy((sent: unknown[]) =>
    sent.every((replyTo) => replyTo === 1),
  );
});

test('edits and deletions are asked for by seq, and what the log tells of them is shown', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('Where is my parcle?');
  await online(client);
  await until(() => expect(texts(client)).toEqual(['Where is my parcle?']));
  await editMessage(client, 1, 'Where is my parcel?');
  await deleteMessage(client, 1);
  expect(server.of('POST', '/messages/1/edit')[0]?.json).toEqual({ text: 'Where is my parcel?' });
  expect(server.of('POST', '/messages/1/delete')).toHaveLength(1);
  server.tell({ type: 'message.edited', message: 1, text: 'Where is my parcel?', actor });
  await until(() => expect(client.$messages.get()[0]).toMatchObject({ edited: 'Where is my parcel?' }));
  server.tell({ type: 'message.deleted', message: 1, actor });
  await until(() => expect(client.$messages.get()[0]).toMatchObject({ event: { deleted: true, text: '' } }));
  expect(JSON.stringify(client.$messages.get())).not.toContain('parc');
});

test('a deleted message is not unread', async () => {
  const server = await begin();
  const client = connect(server);
  client.send('Hello');
  await online(client);
  server.say('one');
  server.say('two');
  await until(() => expect(client.$unread.get()).toBe(2));
  server.tell({ type: 'message.deleted', message: 2, actor });
  await until(() => expect(client.$unread.get()).toBe(1));
});
