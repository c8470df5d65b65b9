import { ContinuoError } from '@continuo/core';
import { fireEvent, waitFor, within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { AGENT, createFakeClient } from './testing/fake-client.ts';
import { closeAll, open, talking } from './testing/open-widget.ts';

afterEach(closeAll);

test('a skeleton stands where a known conversation is still being read', async () => {
  const fake = createFakeClient();
  fake.$session.set('open');
  const { ui } = await open({ fake });
  expect(ui.getByRole('img', { name: /loading/i })).toBeDefined();
  fake.begin();
  await ui.findByText(/how can we help/i);
});

test('the history and the agent are there; text is text, and only safe links open', async () => {
  const fake = createFakeClient();
  fake.says('<b>bold</b> javascript:alert(1) https://a.example/x', {
    attachments: [{ type: 'image', url: 'http://a.example/1.png', name: null }],
  });
  fake.begin();
  const { dialog, ui } = await open({ fake });
  expect(ui.getByRole('heading', { name: 'Sara' })).toBeDefined();
  await waitFor(() => expect(dialog.querySelectorAll('.message a')).toHaveLength(2));
  const bubble = dialog.querySelector('.bubble');
  expect(bubble?.textContent).toBe('<b>bold</b> javascript:alert(1) https://a.example/x');
  expect(bubble?.querySelector('b')).toBeNull();
  const links = [...dialog.querySelectorAll('.message a')].map((link) => [
    link.getAttribute('href'),
    link.getAttribute('rel'),
    link.getAttribute('target'),
  ]);
  expect(links).toEqual([
    ['http://a.example/1.png', 'noopener noreferrer nofollow', '_blank'],
    ['https://a.example/x', 'noopener noreferrer nofollow', '_blank'],
  ]);
  expect(dialog.querySelector('.message img')).toBeNull();
});

test('each paragraph finds its own direction, and the composer that of what is in it', async () => {
  const fake = createFakeClient();
  fake.says('سلام\nHello\n@ali سلام');
  fake.begin();
  const { dialog, ui } = await open({ fake, lang: 'ar' });
  const directions = () => [...dialog.querySelectorAll('.bubble p')].map((line) => line.getAttribute('dir'));
  await waitFor(() => expect(directions()).toEqual(['auto', 'auto', 'rtl']));
  const field = ui.getByRole('textbox');
  expect(field.getAttribute('dir')).toBe('rtl');
  await userEvent.type(field, 'a');
  expect(field.getAttribute('dir')).toBe('auto');
});

test('Enter sends, Shift+Enter does not, nor does the Enter of an input method', async () => {
  const { fake, ui } = await open({ fake: talking() });
  const field = ui.getByRole('textbox');
  await userEvent.type(field, 'one{Shift>}{Enter}{/Shift}two');
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
  // Safari tells of the composition's end before this key.
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
  expect(fake.calls.send).toBeUndefined();
  await userEvent.type(field, '{Enter}');
  expect(fake.calls.send).toEqual([['one\ntwo']]);
  expect(field).toHaveProperty('value', '');
  expect(fake.calls.typing?.length).toBeGreaterThan(0);
});

test('a message that is too long is not cut and not sent', async () => {
  const { fake, ui } = await open({ fake: talking() });
  const field = ui.getByRole('textbox');
  fireEvent.input(field, { target: { value: 'x'.repeat(2003) } });
  await ui.findByText(/characters too many/);
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(fake.calls.send).toBeUndefined();
  expect(field).toHaveProperty('value', 'x'.repeat(2003));
});

test('what is written is the draft, also when another tab writes it; sent, it is gone', async () => {
  const fake = talking();
  const { ui } = await open({ fake });
  const field = ui.getByRole('textbox');
  await userEvent.type(field, 'half a sen');
  expect(fake.$draft.get()).toBe('half a sen');
  fake.$draft.set('half a sentence');
  await waitFor(() => expect(field).toHaveProperty('value', 'half a sentence'));
  await userEvent.type(field, '{Enter}');
  expect(fake.calls.send).toEqual([['half a sentence']]);
  expect(fake.$draft.get()).toBe('');
});

test('what cannot be taken in stays in the field', async () => {
  const fake = talking();
  fake.client.send = () => {
    throw new Error('Too many wait');
  };
  const { ui } = await open({ fake });
  const field = ui.getByRole('textbox');
  await userEvent.type(field, 'one more{Enter}');
  expect(field).toHaveProperty('value', 'one more');
});

test('a failed message can be sent again or deleted', async () => {
  const fake = talking();
  fake.pending('c1', 'Hello?', 'failed');
  const { ui } = await open({ fake });
  await userEvent.click(ui.getByRole('button', { name: 'Try again' }));
  await userEvent.click(ui.getByRole('button', { name: 'Delete' }));
  expect([fake.calls.retry, fake.calls.discard]).toEqual([[['c1']], [['c1']]]);
});

test('a message goes from waiting to sent to read', async () => {
  const fake = talking();
  fake.pending('c1', 'Hello?', 'waiting');
  const { ui } = await open({ fake });
  const last = () => within(ui.getAllByRole('article').at(-1) ?? document.body);
  expect(last().getByText('Waiting to be sent')).toBeDefined();
  fake.wrote('Hello?', { clientId: 'c1' });
  await waitFor(() => expect(last().getByText('Sent')).toBeDefined());
  fake.$positions.set({ customerReceived: 0, customerRead: 0, agentRead: 99 });
  await waitFor(() => expect(last().getByText('Read')).toBeDefined());
});

test('the choice while the agent is away is told once, and given back when it fails', async () => {
  const fake = talking();
  fake.event({ type: 'assignee.away', agent: AGENT });
  const { ui } = await open({ fake });
  let fail = () => {};
  fake.on(
    'choose',
    () =>
      new Promise((_, reject) => {
        fail = () => reject(new ContinuoError('network'));
      }),
  );
  const wait = await ui.findByRole('button', { name: /Wait for/ });
  await userEvent.click(wait);
  await userEvent.click(wait);
  expect(fake.calls.choose).toEqual([['wait']]);
  fail();
  await waitFor(() => expect(wait.getAttribute('aria-disabled')).toBe('false'));
});

test('the dialog is named, silent in its log, and told to a screen reader in turn', async () => {
  const { fake, shell, ui } = await open({ fake: talking() });
  await waitFor(() => expect(shell.root.activeElement).toBe(ui.getByRole('textbox')));
  expect(ui.getByRole('dialog', { name: 'Sara' }).getAttribute('aria-modal')).toBeNull();
  expect(ui.getByRole('log', { name: 'Messages' }).getAttribute('aria-live')).toBe('off');
  const status = () =>
    ui.getAllByRole('status').map((region) => region.textContent?.replace(/[\u2066-\u2069]/g, ''));
  vi.useFakeTimers();
  fake.says('First');
  await vi.advanceTimersByTimeAsync(1500);
  expect(status()).toContain('Sara: First');
  fake.says('Second');
  fake.says('Third');
  await vi.advanceTimersByTimeAsync(1500);
  expect(status()).toContain('2 new messages');
  fake.pending('c1', 'Hello?', 'failed');
  await vi.advanceTimersByTimeAsync(500);
  expect(ui.getByRole('alert').textContent).toBe('Not sent');
});

test('the focus goes to the composer, and back to the launcher with Escape', async () => {
  const { shell, ui } = await open({ fake: talking() });
  await waitFor(() => expect(shell.root.activeElement).toBe(ui.getByRole('textbox')));
  fireEvent.keyDown(ui.getByRole('textbox'), { key: 'Escape' });
  await waitFor(() => expect(ui.queryByRole('dialog')).toBeNull());
  expect(shell.root.activeElement).toBe(shell.button);
});

test('the launcher tells how much is unread, in the digits of the language', async () => {
  const fake = talking();
  const { shell, ui } = await open({ fake, lang: 'ar-EG' });
  shell.close();
  await waitFor(() => expect(ui.queryByRole('dialog')).toBeNull());
  fake.$unread.set(3);
  expect(shell.button.dataset.unread).toBe('٣');
  expect(shell.button.ariaLabel).toContain('٣');
  expect(shell.button.getAttribute('aria-expanded')).toBe('false');
});

test('read is what stood in view for a second; behind a closed panel nothing is read', async () => {
  const fake = talking();
  const { shell, ui } = await open({ fake });
  vi.useFakeTimers();
  fake.$unread.set(1);
  await vi.advanceTimersByTimeAsync(900);
  expect(fake.calls.markRead).toBeUndefined();
  await vi.advanceTimersByTimeAsync(200);
  expect(fake.calls.markRead?.length).toBe(1);
  shell.close();
  fake.$unread.set(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(ui.queryByRole('dialog')).toBeNull();
  expect(fake.calls.markRead?.length).toBe(1);
  vi.useRealTimers();
});

test('of a long conversation only the newest page is drawn; earlier ones come on a press', async () => {
  const fake = createFakeClient();
  for (let i = 0; i < 120; i++) fake.wrote(`message ${i}`);
  fake.begin();
  const { ui } = await open({ fake });
  expect(ui.getAllByRole('article').length).toBe(50);
  await userEvent.click(ui.getByRole('button', { name: /earlier/ }));
  await waitFor(() => expect(ui.getAllByRole('article').length).toBe(100));
});

test('a language that the page changes to is spoken at once', async () => {
  const { shell, dialog } = await open({ fake: talking() });
  document.documentElement.lang = 'ar';
  await waitFor(() => expect(dialog.textContent).toContain('متاح الآن'));
  shell.setLocale('en');
  await waitFor(() => expect(dialog.textContent).toContain('Online'));
});

test('logging out forgets the hints', async () => {
  const fake = createFakeClient();
  const { shell, ui } = await open({ fake });
  fake.begin();
  await ui.findByRole('textbox');
  expect(localStorage.length).toBe(1);
  await shell.shutdown();
  expect(fake.calls.logout?.length).toBe(1);
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
  expect(shell.host.isConnected).toBe(false);
});

test('while the first message begins a conversation, one goes on writing', async () => {
  const { fake, shell, ui } = await open();
  const field = await ui.findByRole('textbox');
  await userEvent.type(field, 'Hello{Enter}and one more th');
  fake.wrote('Hello', { clientId: 'client-1' });
  fake.begin();
  await ui.findByRole('heading', { name: 'Sara' });
  expect(ui.getByRole('textbox')).toBe(field);
  expect(field).toHaveProperty('value', 'and one more th');
  await userEvent.type(field, 'ing');
  expect(fake.$draft.get()).toBe('and one more thing');
  expect(shell.root.activeElement).toBe(field);
});

test('anonymous, logged in, logged out, somebody else: nothing of one is left for the next', async () => {
  const fake = talking();
  const { shell, ui, dialog } = await open({ fake });
  await ui.findByText('My parcel is late');
  shell.identify(() => 'token of Amina');
  await waitFor(() => expect(fake.calls.identify).toHaveLength(1));
  const given = fake.calls.identify?.[0]?.[0];
  expect(given instanceof Function && given()).toBe('token of Amina');
  fake.on('logout', async () => {
    fake.$messages.set([]);
    fake.$draft.set('');
    fake.$agent.set(null);
    fake.$conversation.set(null);
    fake.$session.set('none');
  });
  await userEvent.type(ui.getByRole('textbox'), 'half a word');
  await shell.logout();
  await waitFor(() => expect(dialog.textContent).not.toContain('My parcel is late'));
  expect(ui.getByRole('textbox')).toHaveProperty('value', '');
  expect(localStorage.getItem('continuo:web_1')).toBeNull();
  shell.identify('token of Omar');
  await waitFor(() => expect(fake.calls.identify).toHaveLength(2));
  expect(fake.calls.identify?.[1]).toEqual(['token of Omar']);
  expect(dialog.textContent).not.toContain('Sara');
});

test('who is logged in is told before this device’s conversation is taken up', async () => {
  const fake = talking();
  let settle = () => {};
  fake.on(
    'identify',
    () =>
      new Promise<void>((resolve) => {
        settle = resolve;
      }),
  );
  const { shell } = await open({ fake, identity: 'token of Omar' });
  expect([fake.calls.identify, fake.calls.open]).toEqual([[['token of Omar']], undefined]);
  settle();
  await waitFor(() => expect(fake.calls.open).toHaveLength(1));
  shell.destroy();
});
