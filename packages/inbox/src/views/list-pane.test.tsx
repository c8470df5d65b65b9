import { cleanup, screen, waitFor, within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { MINUTE, NOON, OMID, summaryOf } from '../test-fixtures.ts';
import { closeInboxes, FakeServer, showInbox } from '../test-support.tsx';

afterEach(() => {
  cleanup();
  closeInboxes();
});

const layla = summaryOf({
  id: 'layla',
  customer: { id: 'cu-layla', name: 'ليلى', pictureUrl: null, locale: 'ar' },
  assignee: null,
  waitingSince: NOON - 34 * MINUTE,
  lastMessage: { seq: 1, at: NOON - 34 * MINUTE, from: 'customer', preview: 'السلام عليكم' },
  unread: 1,
});

const row = (name: RegExp) => screen.findByRole('link', { name });

test('a row tells who, what, where from, how much is unread and how long they wait', async () => {
  const server = new FakeServer();
  server.summaries = [summaryOf({ unread: 2, waitingSince: NOON - 12 * MINUTE, presence: 'web' })];
  showInbox(server);
  const amal = await row(/Amal Nasser/);
  expect(within(amal).getByText(/^A.N$/)).toBeDefined();
  expect(within(amal).getByText('Hello')).toBeDefined();
  expect(within(amal).getByText('Messenger')).toBeDefined();
  expect(within(amal).getByText('2 unread messages')).toBeDefined();
  expect(within(amal).getByText(/^Waiting for an answer for .?12 min/)).toBeDefined();
  expect(within(amal).getByText('On the site now')).toBeDefined();
  expect(amal.getAttribute('href')).toBe('#/c/amal');
  await waitFor(() => expect(document.title).toBe('(2) Continuo inbox'));
});

test('our own last word is marked as ours', async () => {
  const server = new FakeServer();
  const lastMessage = { seq: 2, at: NOON, from: 'agent', preview: 'On its way' } as const;
  server.summaries = [summaryOf({ lastMessage })];
  showInbox(server);
  expect(within(await row(/Amal/)).getByText('Us:')).toBeDefined();
});

test('the queue is one press away and shows how many wait', async () => {
  const server = new FakeServer();
  server.summaries = [summaryOf(), layla];
  showInbox(server);
  const waiting = await screen.findByRole('button', { name: 'Waiting 1' });
  expect(screen.queryByRole('link', { name: /ليلى/ })).toBeNull();
  await userEvent.click(waiting);
  await row(/ليلى/);
  expect(screen.queryByRole('link', { name: /Amal/ })).toBeNull();
  expect(waiting.getAttribute('aria-pressed')).toBe('true');
});

test('under All, a row also tells whose it is', async () => {
  const server = new FakeServer();
  server.summaries = [summaryOf(), layla, summaryOf({ id: 'ben', assignee: OMID, assigneeAway: true })];
  showInbox(server);
  await userEvent.click(await screen.findByRole('button', { name: 'All 3' }));
  expect(within(await row(/ليلى/)).getByText('Unassigned')).toBeDefined();
  expect(screen.getByText('Yours')).toBeDefined();
  expect(screen.getByText('Assignee is away')).toBeDefined();
});

test('a new conversation and typing appear live', async () => {
  const server = new FakeServer();
  server.summaries = [];
  showInbox(server);
  await screen.findByText('Nothing is waiting for you');
  await waitFor(() => expect(server.readers('/v1/inbox/signals')).toBe(1));

  server.signalInbox({ type: 'conversation', conversation: summaryOf({ unread: 1 }) });
  const amal = await row(/Amal Nasser/);
  server.signalInbox({ type: 'typing', conversationId: 'amal', from: 'customer', agentId: null, on: true });
  await within(amal).findByText('typing…');
  server.signalInbox({ type: 'typing', conversationId: 'amal', from: 'customer', agentId: null, on: false });
  await within(amal).findByText('Hello');
});

test('a colleague who types is not taken for the customer', async () => {
  const server = new FakeServer();
  showInbox(server);
  await row(/Amal/);
  server.signalInbox({ type: 'typing', conversationId: 'amal', from: 'agent', agentId: 'omid', on: true });
  server.signalInbox({ type: 'conversation', conversation: summaryOf({ unread: 1 }) });
  await screen.findByText('1 unread message');
  expect(screen.queryByText('typing…')).toBeNull();
});

test('a new message of the customer is announced once', async () => {
  const server = new FakeServer();
  showInbox(server);
  await row(/Amal/);
  const lastMessage = { seq: 5, at: NOON, from: 'customer', preview: 'Are you there?' } as const;
  server.signalInbox({ type: 'conversation', conversation: summaryOf({ unread: 1, lastMessage }) });
  const said = await screen.findByText(/Amal Nasser.*: .*Are you there\?/);
  expect(said.getAttribute('aria-live')).toBe('polite');
});

test('what is no new word is not announced, nor what a colleague takes care of', async () => {
  const server = new FakeServer();
  const inbox = showInbox(server);
  await row(/Amal/);
  const announced = () => inbox.$desk.get()?.announcer.$announcement.get()?.said;
  const lastMessage = { seq: 5, at: NOON, from: 'customer', preview: 'One' } as const;
  server.signalInbox({
    type: 'conversation',
    conversation: summaryOf({ id: 'ben', assignee: OMID, unread: 1, lastMessage }),
  });
  server.signalInbox({ type: 'conversation', conversation: summaryOf({ unread: 1, lastMessage }) });
  server.signalInbox({
    type: 'conversation',
    conversation: summaryOf({ unread: 1, lastMessage, presence: 'web' }),
  });
  await waitFor(() => expect(announced()).toEqual({ kind: 'message', name: 'Amal Nasser', text: 'One' }));
});

test('what was missed while the connection was lost is read anew', async () => {
  const server = new FakeServer();
  showInbox(server);
  await row(/Amal/);
  server.summaries = [summaryOf(), summaryOf({ id: 'ben', customer: { ...layla.customer, name: 'Ben' } })];
  server.drop();
  await row(/Ben/);
});

test('a list that cannot be loaded says so and can be tried again', async () => {
  const server = new FakeServer();
  server.failing.set('/v1/inbox/conversations', 'internal');
  server.failing.set('/v1/inbox/signals', 'network');
  showInbox(server);
  await screen.findByText('The conversations could not be loaded.');
  server.failing.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await row(/Amal/);
});

test('an agent sees and changes their own presence', async () => {
  const server = new FakeServer();
  showInbox(server);
  const presence = await screen.findByRole('switch', { name: 'Your presence' });
  expect(presence.getAttribute('aria-checked')).toBe('true');
  await userEvent.click(presence);
  await waitFor(() => expect(presence.getAttribute('aria-checked')).toBe('false'));
  expect(server.asked('/v1/inbox/presence')[0]?.json).toEqual({ status: 'away' });
});
