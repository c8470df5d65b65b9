import type { Signal } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../testing/until.ts';
import { assign } from './assign.ts';
import { chooseWhenAway } from './choice.ts';
import { addAgent, addChannel, addCustomer, createTestRuntime, type TestRuntime } from './testing/runtime.ts';
import { reply, resolve, rowOf, story, write } from './testing/story.ts';

let rt: TestRuntime;
beforeEach(async () => {
  rt = await createTestRuntime();
});
afterEach(() => rt.close());

/** Somebody who waits, with what their stream heard of the queue. */
const waiting = async (name: string) => {
  const channel = await addChannel(rt, 'web');
  const { conversationId: id } = await addCustomer(rt, name, channel);
  rt.pass(1000);
  await write(rt, { conversationId: id, channel, text: 'hello' });
  const heard: number[] = [];
  const onSignal = (signal: Signal) => {
    if (signal.type === 'queue') heard.push(signal.position);
  };
  rt.hub.listen(id, { audience: 'customer', onEvents: () => {}, onSignal });
  return { id, heard };
};

const agent = { kind: 'agent', id: 'agt_a', name: 'Agent agt_a' } as const;
const take = (conversationId: string) =>
  rt.store.write((tx) =>
    assign(rt, tx, { conversationId, agentId: 'agt_a', actor: agent, reason: 'manual' }),
  );

test('whoever waits hears of each place they move up, and only of that, at most once a second', async () => {
  await addAgent(rt, 'agt_a', { connected: false });
  const people = [];
  for (const name of ['one', 'two', 'three', 'four', 'five']) people.push(await waiting(name));
  const [one, two, three, four, five] = people;
  if (!one || !two || !three || !four || !five) throw new Error('five wait');
  await take(one.id);
  await until(() => expect(five.heard.at(-1)).toBe(4));
  const before = five.heard.length;
  await resolve(rt, two.id);
  await take(three.id);
  await until(() => expect(five.heard.at(-1)).toBe(2));
  expect(five.heard.length - before).toBeLessThanOrEqual(2);
  expect(four.heard.at(-1)).toBe(1);
  // Who waits no longer is told nothing more.
  expect(three.heard).not.toContain(1);
});

test('a bot is given nothing, has what it answers, and whoever asks for a person gets one', async () => {
  await addAgent(rt, 'agt_bot');
  await rt.store.write(async ({ db }) => {
    await db.updateTable('agents').set({ bot: 1, role: 'Assistant' }).execute();
  });
  const { id } = await waiting('one');
  expect((await rowOf(rt, id)).assignee_id).toBeNull();
  await reply(rt, { conversationId: id, agentId: 'agt_bot', text: 'I am a bot' });
  expect((await rowOf(rt, id)).assignee_id).toBe('agt_bot');
  const colleague = () =>
    rt.store.write((tx) => chooseWhenAway(rt, tx, { conversationId: id, choice: 'colleague' }));
  await colleague();
  await reply(rt, { conversationId: id, agentId: 'agt_bot', text: 'Still a bot' });
  expect(await rowOf(rt, id)).toMatchObject({ assignee_id: null, queued_at: rt.now() });
  await addAgent(rt, 'agt_a');
  await take(id);
  await expect(colleague()).rejects.toMatchObject({ code: 'conflict' });
  expect((await story(rt, id)).slice(2)).toEqual([
    'assigned queue (queue)',
    'agent: I am a bot',
    'assigned agt_bot (manual)',
    'choice colleague',
    'assigned queue (queue)',
    'agent: Still a bot',
    'assigned agt_a (manual)',
  ]);
});
