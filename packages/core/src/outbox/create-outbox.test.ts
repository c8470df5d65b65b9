import { expect, test } from 'vitest';
import { until } from '../../test-support/world.ts';
import { createMemoryStorage } from '../environment/storage.ts';
import { createOutbox } from './create-outbox.ts';
import type { PendingMessage } from './outbox.ts';

/** An outbox of one tab, to a server that answers when the test does. */
const start = () => {
  const asked: { text: string; answer(): void }[] = [];
  let pending: readonly PendingMessage[] = [];
  const outbox = createOutbox({
    environment: {
      fetch: () => Promise.reject(new Error('no network here')),
      crypto: globalThis.crypto,
      storage: createMemoryStorage(),
      page: { isVisible: () => true, listen: () => () => {} },
      now: () => 1000,
      random: () => 0,
    },
    name: 'test',
    deliver: ({ text }) => new Promise<void>((resolve) => asked.push({ text, answer: resolve })),
    isSent: () => false,
    onChange: (entries) => {
      pending = entries;
    },
    tell: () => {},
  });
  return {
    outbox,
    asked: () => asked.map(({ text }) => text),
    answer: (n: number) => asked[n]?.answer(),
    pending: () => pending.map(({ text, state }) => `${text}: ${state}`),
  };
};

test('what the log has goes, and the next takes its turn, though the answer never comes', async () => {
  const { outbox, asked, pending } = start();
  const first = outbox.add({ text: 'first' });
  outbox.add({ text: 'second' });
  await until(() => expect(asked()).toEqual(['first']));
  outbox.confirm([first]);
  await until(() => expect(asked()).toEqual(['first', 'second']));
  expect(pending()).toEqual(['second: sending']);
  outbox.stop();
});

test('an answer that is ahead of the log leaves the turn to what the log confirms', async () => {
  const { outbox, asked, answer, pending } = start();
  const first = outbox.add({ text: 'first' });
  outbox.add({ text: 'second' });
  await until(() => expect(asked()).toEqual(['first']));
  answer(0);
  // All that follows from the answer follows at once: the storage is memory.
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked()).toEqual(['first']);
  expect(pending()).toEqual(['first: sending', 'second: waiting']);
  outbox.confirm([first]);
  await until(() => expect(asked()).toEqual(['first', 'second']));
  outbox.stop();
});
