/**
 * What Meta refuses, and what is not known. Our adapter and server against Messenger as Meta documents it: the simulator was
 * written from Meta's documents alone and knows nothing of Continuo.
 */
import { expect, test } from 'vitest';
import { SOON } from '../../support/patience.ts';
import { PAGE_ACCOUNT } from '../../support/social-deployment.ts';
import { useScene } from './scene.ts';

const scene = useScene({ hello: true });

test('551: the customer has blocked us', async () => {
  const { meta, person, reply, lastDelivery, calls } = scene();
  meta.dispatch(person.psid, { type: 'customer.block', on: true });
  await reply('Hello?');
  await expect.poll(lastDelivery, SOON).toMatchObject({ state: 'failed', error: { code: 'blocked' } });
  expect(calls()).toBe(1);
});

test('190: our token does not hold', async () => {
  const { social, reply, lastDelivery } = scene();
  const { store, secrets } = social.server.runtime;
  const settle = (account: object) => {
    const config = secrets.seal(JSON.stringify(account));
    return store.write((tx) =>
      tx.db.updateTable('channels').set({ config }).where('kind', '=', 'messenger').execute(),
    );
  };
  await settle({ ...PAGE_ACCOUNT, pageAccessToken: 'revoked' });
  await reply('Hello?');
  await expect.poll(lastDelivery, SOON).toMatchObject({ state: 'failed', error: { code: 'unauthorized' } });
  expect(JSON.stringify(await lastDelivery())).not.toContain('revoked');
  await settle(PAGE_ACCOUNT);
});

test('613: too many; it is tried again, and arrives once', async () => {
  const { meta, person, reply, lastState, calls } = scene();
  meta.faults.plan({ next: 'rate_limit', count: 1, delayMs: 0 });
  await reply('Patience');
  await expect.poll(lastState, SOON).toBe('delivered');
  expect(calls()).toBe(2);
  expect(person.texts()).toEqual(['Patience']);
});

test('2, an unexpected error: the network may have it, so it is unknown and is not repeated', async () => {
  const { meta, person, reply, lastState, calls } = scene();
  meta.faults.plan({ next: 'error_500', count: 1, delayMs: 0 });
  await reply('Perhaps');
  await expect.poll(lastState, SOON).toBe('unknown');
  await reply('The next');
  await expect.poll(lastState, SOON).toBe('delivered');
  expect(calls()).toBe(2);
  expect(person.texts()).toEqual(['The next']);
});

test('an answer that never comes: unknown, until the echo tells that it arrived', async () => {
  const { meta, person, reply, lastDelivery, lastState, calls } = scene();
  const states: unknown[] = [];
  // The echo has to wait, so that what is known before it can be seen.
  meta.webhooks.setMode('batch', 100);
  meta.faults.plan({ next: 'drop_after_send', count: 1, delayMs: 0 });
  await reply('Did it arrive?');
  await expect.poll(lastState, SOON).toBe('unknown');
  states.push(await lastDelivery());
  meta.webhooks.flush();
  await expect.poll(lastState, SOON).toBe('delivered');
  expect(states).toMatchObject([{ error: { code: 'unknown' } }]);
  expect(person.texts()).toEqual(['Did it arrive?']);
  expect(calls()).toBe(1);
});
