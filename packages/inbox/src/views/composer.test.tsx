import type { InboxConversation } from '@continuo/protocol';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { HOUR, message, NOON, summaryOf, viewOf } from '../test-fixtures.ts';
import { closeInboxes, FakeServer, showInbox } from '../test-support.tsx';

afterEach(() => {
  cleanup();
  closeInboxes();
});

const openWith = async (view: Partial<InboxConversation> = {}) => {
  const server = new FakeServer();
  server.view = viewOf(view);
  server.events = [message(1, 'Hello')];
  window.location.hash = '#/c/amal';
  const inbox = showInbox(server);
  const field = await screen.findByRole('textbox', { name: 'Reply' });
  return { server, inbox, field, user: userEvent.setup() };
};

const textIn = (field: HTMLElement) => (field instanceof HTMLTextAreaElement ? field.value : null);

const describes = (field: HTMLElement) =>
  (document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent ?? '').replace(
    /[\u2068\u2069]/g,
    '',
  );

test('Enter sends, Shift and Enter begin a line', async () => {
  const { server, field, user } = await openWith();
  await user.type(field, 'One{Shift>}{Enter}{/Shift}Two');
  expect(textIn(field)).toBe('One\nTwo');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(server.asked('/messages')[0]?.json).toMatchObject({ text: 'One\nTwo' }));
  expect(textIn(field)).toBe('');
  await screen.findByText('Two');
});

test('Enter that ends a composition sends nothing', async () => {
  const { server, field, user } = await openWith();
  await user.type(field, 'नम');
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
  expect(textIn(field)).toBe('नम');
  expect(server.asked('/messages')).toHaveLength(0);
});

test('blank text is not sent', async () => {
  const { server, field, user } = await openWith();
  await user.type(field, '   {Enter}');
  expect(server.asked('/messages')).toHaveLength(0);
});

test('it says where a reply goes and how long that is possible', async () => {
  const { field } = await openWith();
  expect(describes(field)).toContain('Reply goes to Messenger');
  expect(describes(field)).toContain('23 hr left');
});

test('while the customer is on the site it goes there, and follows', async () => {
  const replyTo = { kind: 'web', state: 'open', until: null } as const;
  const { field } = await openWith({ replyTo, summary: summaryOf({ presence: 'web' }) });
  expect(describes(field)).toContain('Reply goes to the website; follows to Messenger when they leave');
});

test('with nowhere to send, it says so and why, and sends nothing', async () => {
  const replyTo = { kind: 'messenger', state: 'closed', until: NOON - 3 * HOUR } as const;
  const { server, field, user } = await openWith({ replyTo });
  expect(describes(field)).toContain('Messenger does not accept a reply now');
  expect(describes(field)).toContain('ended 3 hours ago');
  await user.type(field, 'Are you there?{Enter}');
  expect(textIn(field)).toBe('Are you there?');
  expect(server.asked('/messages')).toHaveLength(0);
  expect(screen.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('true');
});

test('a text that is too long is counted, kept and not sent', async () => {
  const { server, field, user } = await openWith();
  fireEvent.input(field, { target: { value: 'x'.repeat(1799) } });
  expect(screen.queryByText(/characters left/)).toBeNull();
  fireEvent.input(field, { target: { value: 'x'.repeat(1990) } });
  await screen.findByText('10 characters left');
  fireEvent.input(field, { target: { value: 'x'.repeat(2003) } });
  await screen.findByText('3 characters too many');
  await user.type(field, '{Enter}');
  expect(server.asked('/messages')).toHaveLength(0);
  expect(textIn(field)).toHaveLength(2003);
});

test('a draft stays with its conversation, also after a reload', async () => {
  const { inbox, field, user } = await openWith();
  await user.type(field, 'Half a tho');
  inbox.route.close();
  await screen.findByText('Choose a conversation');
  cleanup();

  const { field: again } = await openWith();
  expect(textIn(again)).toBe('Half a tho');
});

test('a message that the server refuses stays, and can be retried or deleted', async () => {
  const { server, field, user } = await openWith();
  server.failing.set('/messages', 'window_closed');
  await user.type(field, 'Too late{Enter}');
  await screen.findByText(/Not sent:/);
  server.failing.clear();
  await user.click(screen.getByRole('button', { name: 'Retry' }));
  await waitFor(() => expect(screen.queryByText(/Not sent:/)).toBeNull());
  expect(screen.getByText('Too late')).toBeDefined();
  const [first, second] = server.asked('/messages').map(({ json }) => json);
  expect(second).toEqual(first);

  server.failing.set('/messages', 'window_closed');
  await user.type(field, 'Never mind{Enter}');
  await screen.findByText(/Not sent:/);
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByText('Never mind')).toBeNull());
});

test('a message written just before leaving the conversation is still sent', async () => {
  const { server, inbox, field, user } = await openWith();
  await user.type(field, 'Bye{Enter}');
  inbox.route.close();
  await waitFor(() => expect(server.asked('/messages')[0]?.json).toMatchObject({ text: 'Bye' }));
});

test('an empty field stands on the side of the language, a written one on the side of its words', async () => {
  const { field, user } = await openWith();
  expect(field.getAttribute('dir')).toBe('ltr');
  await user.type(field, 'مرحبا');
  expect(field.getAttribute('dir')).toBe('auto');
});

test('where the conversation was joined into another one, it points there', async () => {
  const server = new FakeServer();
  server.events = [
    message(1, 'Hello'),
    { type: 'joined', seq: 2, at: NOON, conversationId: 'other', direction: 'into' },
  ];
  window.location.hash = '#/c/amal';
  showInbox(server);
  await screen.findByText(/Answer there/);
  expect(screen.queryByRole('textbox')).toBeNull();
});
