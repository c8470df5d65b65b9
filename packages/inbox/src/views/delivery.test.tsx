import type { Delivery, Positions } from '@continuo/protocol';
import { cleanup, screen, waitFor, within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { message, SARA, viewOf } from '../test-fixtures.ts';
import { closeInboxes, FakeServer, showInbox } from '../test-support.tsx';

afterEach(() => {
  cleanup();
  closeInboxes();
});

const START: Positions = { customerReceived: 0, customerRead: 0, agentRead: 0 };

const deliveryOf = (state: Delivery['state'], error: Delivery['error'] = null): Delivery => ({
  id: 'd1',
  seq: 1,
  channelKind: 'messenger',
  state,
  error,
});

const openWith = async (deliveries: Delivery[], positions = START) => {
  const server = new FakeServer();
  server.view = viewOf({ deliveries, positions });
  server.events = [message(1, 'On its way', { agent: SARA })];
  window.location.hash = '#/c/amal';
  showInbox(server);
  const words = await screen.findByText('On its way');
  const article = words.closest('article');
  if (!article) throw new Error('The message has no article');
  await waitFor(() => expect(server.readers('/v1/inbox/conversations/amal/events')).toBe(1));
  return { server, article };
};

const plain = (text: string | null) => (text ?? '').replace(/[\u2068\u2069]/g, '');

const states: [state: Delivery['state'], words: string][] = [
  ['held', 'Waits: customer is on the site'],
  ['pending', 'Waiting to go to Messenger'],
  ['sending', 'Going to Messenger…'],
  ['sent', 'Sent to Messenger'],
  ['delivered', 'Delivered on Messenger'],
  ['read', 'Read on Messenger'],
  ['web', 'Read on the site'],
  ['unknown', 'Messenger did not answer: it may have arrived'],
];

test.each(states)('%s is told as it is', async (state, words) => {
  const { article } = await openWith([deliveryOf(state)]);
  expect(plain(article.textContent)).toContain(words);
});

const reasons: [code: string, words: string][] = [
  ['window_closed', 'Not delivered: Messenger no longer accepts messages to this customer'],
  ['network', 'Not delivered: Messenger could not be reached'],
  ['rejected', 'Not delivered: Messenger refused it (they said so)'],
];

test.each(reasons)('a failure says why: %s', async (code, words) => {
  const { article } = await openWith([deliveryOf('failed', { code, message: 'they said so' })]);
  expect(plain(article.textContent)).toContain(words);
});

test('a message for the site alone tells how far it got there', async () => {
  const { server, article } = await openWith([]);
  expect(article.textContent).toContain('Sent');
  server.signal({ type: 'positions', positions: { ...START, customerReceived: 1 } });
  await within(article).findByText('Arrived on the site');
  server.signal({ type: 'positions', positions: { ...START, customerReceived: 1, customerRead: 1 } });
  await within(article).findByText('Read on the site');
});

test('a held message that was read on the site waits no longer', async () => {
  const { article } = await openWith([deliveryOf('held')], { ...START, customerRead: 1 });
  expect(article.textContent).toContain('Read on the site');
});

test('a state changes live, and a later reading of the server does not undo it', async () => {
  const { server, article } = await openWith([deliveryOf('sending')]);
  server.signal({ type: 'delivery', delivery: deliveryOf('sent') });
  await waitFor(() => expect(plain(article.textContent)).toContain('Sent to Messenger'));
  server.view = viewOf({ deliveries: [deliveryOf('delivered')] });
  server.append(message(2, 'Thanks'));
  await waitFor(() => expect(plain(article.textContent)).toContain('Delivered on Messenger'));
});

test('a failed message is sent again at one press', async () => {
  const { server, article } = await openWith([deliveryOf('failed', { code: 'network', message: '' })]);
  await userEvent.click(within(article).getByRole('button', { name: 'Retry' }));
  await waitFor(() => expect(server.asked('/deliveries/d1/retry')).toHaveLength(1));
});

test('one whose outcome is unknown is sent again only after a question', async () => {
  const { server, article } = await openWith([deliveryOf('unknown', { code: 'unknown', message: '' })]);
  const user = userEvent.setup();
  await user.click(within(article).getByRole('button', { name: 'Send again' }));
  const dialog = await screen.findByRole('dialog', { name: 'Send this message again?' });
  await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(server.asked('/retry')).toHaveLength(0);

  await user.click(within(article).getByRole('button', { name: 'Send again' }));
  const again = await screen.findByRole('dialog');
  await user.click(within(again).getByRole('button', { name: 'Send again' }));
  await waitFor(() => expect(server.asked('/deliveries/d1/retry')).toHaveLength(1));
});

test('an act that fails is told, and can be dismissed', async () => {
  const { server, article } = await openWith([deliveryOf('failed', { code: 'network', message: '' })]);
  server.failing.set('/retry', 'window_closed');
  await userEvent.click(within(article).getByRole('button', { name: 'Retry' }));
  const notice = (await screen.findByText(/No channel of this customer/)).closest('[role="alert"]');
  if (!(notice instanceof HTMLElement)) throw new Error('The notice is no alert');
  await userEvent.click(within(notice).getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(notice.textContent).toBe(''));
});
