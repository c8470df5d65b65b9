import { ContinuoError } from '@continuo/core';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeClient } from './testing/fake-client.ts';
import { closeAll, open, refuse, TOKEN, talking } from './testing/open-widget.ts';

afterEach(closeAll);

test('continuing redeems only on the press, then shows the thread', async () => {
  const { fake, ui } = await open({ token: TOKEN });
  const yes = await ui.findByRole('button', { name: 'Continue' });
  expect([fake.calls.peek, fake.calls.redeem]).toEqual([[[TOKEN]], undefined]);
  fake.on('redeem', async () => void talking(fake));
  await userEvent.click(yes);
  await ui.findByText('Let me see');
  expect(fake.calls.redeem).toEqual([[TOKEN, {}]]);
});

test('of two links, the later one counts, whichever is answered first', async () => {
  const fake = createFakeClient();
  let answer = (_error: Error) => {};
  fake.on(
    'peek',
    () =>
      new Promise((_, reject) => {
        answer = reject;
      }),
  );
  const { ui } = await open({ fake, token: TOKEN });
  fake.on('peek', () => Promise.resolve());
  history.replaceState(null, '', `#continuo=${'u'.repeat(43)}`);
  dispatchEvent(new Event('hashchange'));
  const yes = await ui.findByRole('button', { name: 'Continue' });
  answer(new ContinuoError('handoff_used'));
  await userEvent.click(yes);
  expect(fake.calls.redeem).toEqual([['u'.repeat(43), {}]]);
});

test('a link that this device redeemed before opens the thread without a question', async () => {
  const fake = createFakeClient();
  fake.peekIs({ state: 'yours' });
  fake.on('redeem', async () => void talking(fake));
  const { ui } = await open({ fake, token: TOKEN });
  await ui.findByText('Let me see');
  expect(ui.queryByRole('button', { name: 'Continue' })).toBeNull();
});

test.each([
  ['Put them together', true],
  ['Keep them apart', false],
])('another conversation of this device: %s', async (name, join) => {
  const fake = createFakeClient();
  fake.peekIs({ joinRequired: true });
  const { ui } = await open({ fake, token: TOKEN });
  await userEvent.click(await ui.findByRole('button', { name: 'Continue' }));
  expect(fake.calls.redeem).toBeUndefined();
  await userEvent.click(await ui.findByRole('button', { name }));
  expect(fake.calls.redeem).toEqual([[TOKEN, { join }]]);
});

test('not me opens nothing, and leaves room for an own conversation', async () => {
  const { fake, ui } = await open({ token: TOKEN });
  await userEvent.click(await ui.findByRole('button', { name: 'Not me' }));
  await userEvent.click(await ui.findByRole('button', { name: /new conversation/ }));
  expect([fake.calls.decline, fake.calls.redeem]).toEqual([[[TOKEN]], undefined]);
  await ui.findByRole('textbox');
});

test.each([
  ['handoff_expired', /run out/],
  ['handoff_used', /another device/],
  ['handoff_revoked', /newer link/],
] as const)('%s: one press sends a new link, and the chat there can be opened', async (code, title) => {
  const fake = createFakeClient();
  fake.on('peek', refuse(code));
  const { ui } = await open({ fake, token: TOKEN });
  await ui.findByRole('heading', { name: title });
  await userEvent.click(ui.getByRole('button', { name: 'Send me a new link' }));
  await ui.findByRole('heading', { name: /on its way to your .*Messenger/ });
  expect(fake.calls.renew).toEqual([[TOKEN]]);
  expect(ui.getByRole('link', { name: /Open .*Messenger/ }).getAttribute('href')).toBe('https://m.me/acme');
});

test('where the network does not let us write, the customer is asked to', async () => {
  const fake = createFakeClient();
  fake.on('peek', refuse('handoff_expired'));
  fake.on('renew', refuse('window_closed'));
  const { ui } = await open({ fake, token: TOKEN });
  await userEvent.click(await ui.findByRole('button', { name: 'Send me a new link' }));
  await ui.findByRole('heading', { name: /cannot write to you/ });
  expect(ui.getByRole('link', { name: /Open/ })).toBeDefined();
});

test('a step that failed on the way can be tried again', async () => {
  const { fake, ui } = await open({ token: TOKEN });
  fake.on('redeem', refuse('network'));
  await userEvent.click(await ui.findByRole('button', { name: 'Continue' }));
  const again = await ui.findByRole('button', { name: 'Try again' });
  fake.on('redeem', async () => void talking(fake));
  await userEvent.click(again);
  await ui.findByText('Let me see');
  expect(fake.calls.redeem?.length).toBe(2);
});

test('a session that ended here can be had back by the link that led to it', async () => {
  const fake = createFakeClient();
  fake.on('redeem', async () => void talking(fake));
  const { ui } = await open({ fake, token: TOKEN });
  await userEvent.click(await ui.findByRole('button', { name: 'Continue' }));
  await ui.findByText('Let me see');
  fake.$session.set('ended');
  await userEvent.click(await ui.findByRole('button', { name: 'Send me a new link' }));
  await ui.findByRole('heading', { name: /on its way/ });
});

test('nothing secret is kept where a script could read it', async () => {
  const { ui } = await open({ token: TOKEN });
  await userEvent.click(await ui.findByRole('button', { name: 'Continue' }));
  const kept = JSON.stringify([
    { ...localStorage },
    { ...sessionStorage },
    document.documentElement.outerHTML,
  ]);
  expect(kept).not.toContain(TOKEN);
});
