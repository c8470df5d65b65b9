import type { InboxConversation } from '@continuo/protocol';
import { cleanup, screen, waitFor, within } from '@testing-library/preact';
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
  server.summaries = [
    summaryOf(),
    summaryOf({ id: 'ben', customer: { ...summaryOf().customer, name: 'Ben' } }),
  ];
  server.view = viewOf(view);
  server.events = [message(1, 'Hello')];
  window.location.hash = '#/c/amal';
  showInbox(server);
  await screen.findByRole('textbox', { name: 'Reply' });
  await screen.findByRole('link', { name: /Ben/ });
  return { server, user: userEvent.setup() };
};

const focused = () => document.activeElement;

test('“Continue on our site” sends a link, and tells until when it can be used', async () => {
  const { server, user } = await openWith();
  server.view = viewOf({ handoff: { possible: true, reason: null, liveUntil: NOON + HOUR } });
  await user.click(screen.getByRole('button', { name: 'Continue on our site' }));
  await waitFor(() => expect(server.asked('/handoffs')).toHaveLength(1));
  server.append({ ...message(2, 'x'), type: 'case.opened', case: 2 });
  await screen.findByText(/The link can be used until/);
  expect(screen.getByRole('button', { name: 'Send a new link' })).toBeDefined();
});

test('a press after a lost answer asks for the same link', async () => {
  const { server, user } = await openWith();
  server.failing.set('/handoffs', 'network');
  const button = screen.getByRole('button', { name: 'Continue on our site' });
  await user.click(button);
  await screen.findByText(/cannot be reached/);
  server.failing.clear();
  await user.click(button);
  await waitFor(() => expect(server.asked('/handoffs')).toHaveLength(2));
  const [first, second] = server.asked('/handoffs').map(({ json }) => json);
  expect(second).toEqual(first);
});

test('where no link can be sent, the button says why', async () => {
  const handoff = { possible: false, reason: 'rate_limited', liveUntil: null } as const;
  const { server, user } = await openWith({ handoff });
  const button = screen.getByRole('button', { name: 'Continue on our site' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  const tip = document.getElementById(button.getAttribute('aria-describedby') ?? '');
  expect(tip?.textContent).toContain('Five links');
  await user.click(button);
  expect(server.asked('/handoffs')).toHaveLength(0);
});

test('assigning shows who is there and how busy they are', async () => {
  const { server, user } = await openWith();
  await user.click(screen.getByRole('button', { name: 'Assign' }));
  const menu = await screen.findByRole('menu', { name: 'Assign to' });
  const omid = await within(menu).findByRole('menuitemradio', { name: /Omid Karimi/ });
  expect(omid.textContent).toContain('Away');
  expect(omid.textContent).toContain('1 open conversation');
  expect(within(menu).getByRole('menuitemradio', { name: /Me/ }).getAttribute('aria-checked')).toBe('true');
  await user.click(omid);
  expect(server.asked('/assign')[0]?.json).toEqual({ agentId: 'omid' });
  await user.click(screen.getByRole('button', { name: 'Assign' }));
  await user.click(await screen.findByRole('menuitemradio', { name: /Nobody/ }));
  expect(server.asked('/assign')[1]?.json).toEqual({ agentId: null });
});

test('the menu is worked with arrows and left with Esc', async () => {
  const { user } = await openWith();
  await user.keyboard('a');
  await screen.findByRole('menuitemradio', { name: /Omid/ });
  await waitFor(() => expect(focused()?.textContent).toContain('Me'));
  await user.keyboard('{ArrowDown}');
  expect(focused()?.textContent).toContain('Omid');
  await user.keyboard('{End}');
  expect(focused()?.textContent).toContain('Nobody');
  await user.keyboard('{ArrowDown}');
  expect(focused()?.textContent).toContain('Me');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(focused()?.textContent).toBe('Assign');
});

test('keys move through the list, reply, resolve and help', async () => {
  const { server, user } = await openWith();
  await user.keyboard('j');
  expect(focused()?.getAttribute('href')).toBe('#/c/ben');
  await user.keyboard('k');
  expect(focused()?.getAttribute('href')).toBe('#/c/amal');
  await user.keyboard('{ArrowDown}');
  expect(focused()?.getAttribute('href')).toBe('#/c/ben');
  await user.keyboard('r');
  expect(focused()).toBe(screen.getByRole('textbox', { name: 'Reply' }));
  await user.keyboard('{Escape}');
  expect(focused()?.getAttribute('role')).toBe('log');
  await user.keyboard('e');
  await waitFor(() => expect(server.asked('/resolve')).toHaveLength(1));
  await user.keyboard('?');
  expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeDefined();
});

test('keys are letters while someone writes', async () => {
  const { server, user } = await openWith();
  await user.type(screen.getByRole('textbox', { name: 'Reply' }), 'je reaka?');
  expect(screen.getByRole('textbox', { name: 'Reply' })).toHaveProperty('value', 'je reaka?');
  expect(server.asked('/resolve')).toHaveLength(0);
  expect(screen.queryByRole('menu')).toBeNull();
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('keys can be turned off, and with Ctrl they are the browser’s', async () => {
  const { server, user } = await openWith();
  await user.keyboard('{Control>}e{/Control}');
  await user.keyboard('?');
  const help = await screen.findByRole('dialog');
  await user.click(within(help).getByRole('checkbox', { name: 'Use single-letter keys' }));
  await user.click(within(help).getByRole('button', { name: 'Close' }));
  await user.keyboard('e');
  expect(server.asked('/resolve')).toHaveLength(0);
});

test('a resolved case offers no resolving', async () => {
  await openWith({ summary: summaryOf({ status: 'resolved' }), case: null });
  expect(screen.queryByRole('button', { name: 'Resolve' })).toBeNull();
  expect(screen.getAllByText('Resolved').length).toBeGreaterThan(1);
});
