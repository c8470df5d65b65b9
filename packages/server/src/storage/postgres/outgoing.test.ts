import { Client } from 'pg';
import { expect, test, vi } from 'vitest';
import type { Connection } from './connection.ts';
import { createOutgoing } from './outgoing.ts';

/** Of a client that answers what `answer` says. Whoever asks it for ever is let go after a while, to be told of. */
const createConnection = (answer: () => Promise<unknown>) => {
  let lost = false;
  const client = new Client();
  const query = vi.fn((): Promise<unknown> => (query.mock.calls.length > 20 ? Promise.resolve() : answer()));
  const connection: Connection = {
    client: Object.assign(client, { query }),
    isLost: () => lost,
    destroy: () => {
      lost = true;
    },
    end: async () => {},
  };
  return { connection, query };
};

const refuse = (): Promise<never> => Promise.reject(new Error('this client is not queryable'));

test('a connection that broke, and does not know it yet, is asked once; the next sends what it could not', async () => {
  const [broken, sound] = [createConnection(refuse), createConnection(async () => {})];
  let current = broken.connection;
  const onError = vi.fn();
  const find = () => (current.isLost() ? null : current);
  const outgoing = createOutgoing({ nodeId: 'one', find, onError });
  outgoing.post('{"n":1}');
  await outgoing.idle();
  expect(broken.query).toHaveBeenCalledTimes(1);
  expect(broken.connection.isLost()).toBe(true);
  current = sound.connection;
  outgoing.pump();
  await outgoing.idle();
  expect(sound.query).toHaveBeenCalledTimes(1);
  expect(sound.query).toHaveBeenCalledWith(
    expect.objectContaining({ values: ['continuo', '{"from":"one","messages":[{"n":1}]}'] }),
  );
  expect(onError).not.toHaveBeenCalled();
});
