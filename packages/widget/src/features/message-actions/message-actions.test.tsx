import { fireEvent, waitFor, within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { AGENT, createFakeClient, MESSENGER } from '../../testing/fake-client.ts';
import { closeAll, open, refuse } from '../../testing/open-widget.ts';

afterEach(closeAll);

/** A conversation with Sara, in which the customer wrote just now. */
const talk = async () => {
  const fake = createFakeClient();
  fake.event({ type: 'case.opened', case: 1 });
  fake.says('Which **parcel**?');
  fake.wrote('The red one', { at: Date.now() });
  fake.begin();
  const opened = await open({ fake });
  const field = opened.ui.getByRole('textbox');
  const menuOf = async (text: string) => {
    await userEvent.click(
      await opened.ui.findByRole('button', { name: new RegExp(`Actions for the message: .*${text}`) }),
    );
    return opened.ui.findByRole('menu');
  };
  const items = (menu: HTMLElement) =>
    within(menu)
      .getAllByRole('menuitem')
      .map((item) => item.textContent);
  return { ...opened, field, menuOf, items };
};

test('the menu goes by arrows, and Escape gives the focus back without closing the chat', async () => {
  const { ui, menuOf, items } = await talk();
  const menu = await menuOf('The red one');
  expect(items(menu)).toEqual(expect.arrayContaining(['Reply', 'Edit', 'Delete']));
  const focused = () => (menu.getRootNode() as ShadowRoot).activeElement?.textContent;
  expect(focused()).toBe('Reply');
  await userEvent.keyboard('{ArrowUp}');
  expect(focused()).toBe('Delete');
  await userEvent.keyboard('{ArrowDown}{End}{Home}');
  expect(focused()).toBe('Reply');
  const opener = ui.getByRole('button', { name: /Actions .* red/ });
  expect(opener.getAttribute('aria-expanded')).toBe('true');
  await userEvent.keyboard('{Escape}');
  expect(ui.queryByRole('menu')).toBeNull();
  expect(ui.getByRole('dialog')).toBeDefined();
  expect((opener.getRootNode() as ShadowRoot).activeElement).toBe(opener);
});

test('what is not theirs, too old, or from a network is offered less', async () => {
  const fake = createFakeClient();
  fake.event({ type: 'case.opened', case: 1 });
  fake.says('Hello');
  fake.wrote('from there', { channel: MESSENGER });
  fake.wrote('long ago', { at: Date.now() - 16 * 60_000 });
  fake.begin();
  const { ui } = await open({ fake });
  for (const [text, edits, deletes] of [
    ['Hello', 0, 0],
    ['from there', 0, 0],
    ['long ago', 0, 1],
  ] as const) {
    await userEvent.click(
      await ui.findByRole('button', { name: new RegExp(`Actions for the message: .*${text}`) }),
    );
    const menu = within(await ui.findByRole('menu'));
    expect(menu.queryAllByText('Edit')).toHaveLength(edits);
    expect(menu.queryAllByText('Delete')).toHaveLength(deletes);
    await userEvent.keyboard('{Escape}');
  }
});

test('an answer says what it answers, is sent with it, and quotes it', async () => {
  const { fake, ui, field, menuOf } = await talk();
  await menuOf('Which parcel');
  await userEvent.click(ui.getByRole('menuitem', { name: 'Reply' }));
  expect(await ui.findByText(/Replying to/)).toBeDefined();
  await userEvent.type(field, 'This one{Enter}');
  expect(fake.calls.send).toEqual([['This one', { replyTo: 2 }]]);
  expect(ui.queryByText(/Replying to/)).toBeNull();
  fake.wrote('This one', { clientId: 'client-1', replyTo: 2 });
  const quote = await ui.findByRole('button', { name: /In reply to .*Sara.*Which parcel/ });
  await userEvent.click(quote);
  const theirs = ui.getAllByRole('article')[0];
  await waitFor(() => expect((quote.getRootNode() as ShadowRoot).activeElement).toBe(theirs));
});

test('Escape in the field cancels, and closes nothing', async () => {
  const { ui, field, menuOf } = await talk();
  await menuOf('Which parcel');
  await userEvent.click(ui.getByRole('menuitem', { name: 'Reply' }));
  await ui.findByText(/Replying to/);
  await userEvent.type(field, '{Escape}');
  expect(ui.queryByText(/Replying to/)).toBeNull();
  expect(ui.getByRole('dialog')).toBeDefined();
});

test('↑ in an empty field edits the last message; a refused edit stays in the field with its reason, the draft untouched', async () => {
  const { fake, ui, field } = await talk();
  await waitFor(() => {
    fireEvent.keyDown(field, { key: 'ArrowUp' });
    expect(ui.getByText('Editing your message')).toBeDefined();
  });
  expect(field).toHaveProperty('value', 'The red one');
  fake.on('post messages/3/edit', refuse('conflict'));
  await userEvent.type(field, ', please{Enter}');
  expect(await ui.findByText(/no longer be changed/)).toBeDefined();
  expect(field).toHaveProperty('value', 'The red one, please');
  fake.on('post messages/3/edit', () => Promise.resolve());
  await userEvent.type(field, '{Enter}');
  await waitFor(() => expect(field).toHaveProperty('value', ''));
  expect(fake.calls.request).toEqual([
    ['post', 'messages/3/edit', { text: 'The red one, please' }],
    ['post', 'messages/3/edit', { text: 'The red one, please' }],
  ]);
  expect(fake.$draft.get()).toBe('');
  expect(fake.calls.send).toBeUndefined();
});

test('deleting asks first; the answer that loses nothing has the focus', async () => {
  const { fake, ui, menuOf } = await talk();
  const menu = await menuOf('The red one');
  await userEvent.click(within(menu).getByText('Delete'));
  const question = await ui.findByRole('alertdialog', { name: /Delete this message/ });
  expect((question.getRootNode() as ShadowRoot).activeElement?.textContent).toBe('Keep it');
  expect(fake.calls.request).toBeUndefined();
  await userEvent.click(within(question).getByRole('button', { name: 'Delete' }));
  expect(fake.calls.request).toEqual([['post', 'messages/3/delete', undefined]]);
  await waitFor(() => expect(ui.queryByRole('alertdialog')).toBeNull());
});

test('edited and deleted messages say so', async () => {
  const fake = createFakeClient();
  fake.says('old');
  fake.says('', { deleted: true });
  const [first, ...rest] = fake.$messages.get();
  if (first?.seq) fake.$messages.set([{ ...first, edited: 'new' }, ...rest]);
  fake.begin();
  const { ui } = await open({ fake });
  expect(await ui.findByText('Message deleted')).toBeDefined();
  expect(ui.getByText('new')).toBeDefined();
  expect(ui.queryByText('old')).toBeNull();
  expect(ui.getByText('Edited')).toBeDefined();
});

test('marks are drawn as elements, never as markup', async () => {
  const fake = createFakeClient();
  fake.says('**b** `c` [here](https://a.example/x)\n- <i>one</i>\n- دو\n```\nx = 1\n```', { author: AGENT });
  fake.begin();
  const { dialog } = await open({ fake });
  await waitFor(() => expect(dialog.querySelector('.bubble strong')?.textContent).toBe('b'));
  const bubble = dialog.querySelector('.bubble');
  expect(bubble?.querySelector('a')).toMatchObject({
    title: 'https://a.example/x',
    rel: 'noopener noreferrer nofollow',
  });
  expect([...(bubble?.querySelectorAll('li') ?? [])].map((item) => item.textContent)).toEqual([
    '<i>one</i>',
    'دو',
  ]);
  expect(bubble?.querySelector('pre')?.textContent).toBe('x = 1');
  expect(bubble?.querySelector('i')).toBeNull();
});
