/**
 * The windows, by both clocks. Our adapter and server against Messenger as Meta documents it: the simulator was
 * written from Meta's documents alone and knows nothing of Continuo.
 */
import { expect, test } from 'vitest';
import { SOON } from '../../support/patience.ts';
import { useScene } from './scene.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const scene = useScene({ hello: true });

/** How long before an edge is still before it, while a test runs. */
const MOMENT = 60_000;

test('up to 24 hours freely, up to 7 days as a person, then not at all', async () => {
  const { social, meta, person, reply, lastState, calls, pass } = scene();
  pass(DAY - MOMENT);
  await reply('Just in time');
  await expect.poll(lastState, SOON).toBe('delivered');
  pass(2 * MOMENT);
  await reply('By a person');
  await expect.poll(lastState, SOON).toBe('delivered');
  pass(6 * DAY - 3 * MOMENT);
  await reply('The last that may go');
  await expect.poll(lastState, SOON).toBe('delivered');
  const before = calls();
  pass(3 * MOMENT);
  const late = await reply('Too late');
  expect(late.problem).toMatchObject({ status: 409, code: 'window_closed', until: expect.any(Number) });
  expect(calls()).toBe(before);
  person.write('I am back');
  await social.quiet();
  await reply('Welcome back');
  await expect.poll(lastState, SOON).toBe('delivered');
  expect(meta.counters()[person.psid]).toMatchObject({ refused: 0 });
});

test('without Meta’s permission for people, 24 hours are the end', async () => {
  const { social, reply, calls, pass } = scene();
  const { store } = social.server.runtime;
  const settle = (settings: string) =>
    store.write((tx) => tx.db.updateTable('workspaces').set({ settings }).execute());
  const [row] = await store.db.selectFrom('workspaces').select('settings').execute();
  await settle(JSON.stringify({ ...JSON.parse(row?.settings ?? '{}'), humanAgent: false }));
  pass(DAY + 1);
  const late = await reply('Too late');
  await settle(row?.settings ?? '{}');
  expect(late.problem).toMatchObject({ code: 'window_closed' });
  expect(calls()).toBe(0);
});

test('where Meta’s clock is ahead of ours, its refusal is understood', async () => {
  const { pass, reply, lastDelivery } = scene();
  pass(7 * DAY + MOMENT, 'meta');
  await reply('We thought that it may go');
  await expect.poll(lastDelivery, SOON).toMatchObject({ state: 'failed', error: { code: 'window_closed' } });
});

test('a deep link into the thread opens the window again, and says nothing', async () => {
  const { social, meta, person, conversationId, texts, pass } = scene();
  pass(25 * HOUR);
  const closed = await social.sara.view(await conversationId());
  expect(closed.body.identities[0].window.state).toBe('human_agent');
  meta.dispatch(person.psid, { type: 'customer.openLink', at: meta.now(), ref: 'a-ref' });
  await social.quiet();
  const open = await social.sara.view(await conversationId());
  expect(open.body.identities[0].window.state).toBe('standard');
  expect(await texts()).toEqual(['Hello']);
});
