import { ContinuoError } from '@continuo/core';
import { waitFor, within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeClient } from '../../testing/fake-client.ts';
import { closeAll, open } from '../../testing/open-widget.ts';
import type { Rich } from './asked.ts';

afterEach(closeAll);

const REPLIES: Rich = {
  kind: 'replies',
  options: [
    { id: 'red', label: 'The red one' },
    { id: 'blue', label: 'The blue one' },
  ],
};
const FORM: Rich = {
  kind: 'form',
  title: 'Your order',
  fields: [
    { name: 'email', label: 'E-mail', type: 'email', required: true },
    { name: 'size', label: 'Size', type: 'select', required: false, options: ['S', 'M'] },
  ],
};

const ask = async (...all: Rich[]) => {
  const fake = createFakeClient();
  fake.event({ type: 'case.opened', case: 1 });
  for (const rich of all) fake.says('Which?', { rich });
  fake.begin();
  const { ui } = await open({ fake });
  return { fake, ui };
};

test('an answer is pressed once by keyboard, and stays to be seen', async () => {
  const { fake, ui } = await ask(REPLIES);
  const red = await ui.findByRole('button', { name: 'The red one' });
  red.focus();
  await userEvent.keyboard('{Enter}');
  expect(fake.calls.send).toEqual([['The red one', { answer: { message: 2, option: 'red' } }]]);
  expect((red.getRootNode() as ShadowRoot).activeElement?.matches('.field')).toBe(true);
  fake.wrote('The red one', { clientId: 'client-1', answer: { message: 2, option: 'red' } });
  const chosen = await ui.findByRole('button', { name: /You.*The red one/ });
  const other = ui.getByRole('button', { name: 'The blue one' });
  for (const button of [chosen, other]) expect(button.getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(other);
  expect(fake.calls.send).toHaveLength(1);
});

test('only the newest question that is not answered can be answered', async () => {
  const { fake, ui } = await ask(REPLIES, REPLIES);
  const [older, newer] = await ui.findAllByRole('button', { name: 'The red one' });
  expect(older?.getAttribute('aria-disabled')).toBe('true');
  expect(newer?.getAttribute('aria-disabled')).toBe('false');
  fake.wrote('The red one', { answer: { message: 3, option: 'red' } });
  await waitFor(() => expect(older?.getAttribute('aria-disabled')).toBe('false'));
  fake.event({ type: 'case.opened', case: 2 });
  await waitFor(() => expect(older?.getAttribute('aria-disabled')).toBe('true'));
});

test('a form says what is wrong beside the field, keeps what was typed when it fails, and shows what was sent', async () => {
  const { fake, ui } = await ask(FORM);
  const email = await ui.findByRole('textbox', { name: 'E-mail' });
  const send = within(email.closest('form') ?? email).getByRole('button', { name: 'Send' });
  await userEvent.click(send);
  expect(await ui.findByText('Please check this.')).toBeDefined();
  expect(email.getAttribute('aria-invalid')).toBe('true');
  expect((email.getRootNode() as ShadowRoot).activeElement).toBe(email);
  expect(fake.calls.request).toBeUndefined();
  await userEvent.type(email, 'amira@example.com');
  await userEvent.selectOptions(ui.getByRole('combobox', { name: /Size/ }), 'M');
  fake.on('post forms', () => Promise.reject(new ContinuoError('network')));
  await userEvent.click(send);
  await waitFor(() => expect(fake.calls.request).toHaveLength(1));
  expect(email).toHaveProperty('value', 'amira@example.com');
  fake.on('post forms', () => Promise.resolve());
  await waitFor(() => expect(send.getAttribute('aria-disabled')).toBe('false'));
  await userEvent.click(send);
  expect(await ui.findByText('Sent')).toBeDefined();
  expect(ui.getByText('amira@example.com')).toBeDefined();
  const [first, again] = fake.calls.request ?? [];
  expect(again).toEqual(first);
  expect(again?.[2]).toMatchObject({
    form: 'message',
    message: 2,
    answers: [
      { name: 'email', label: 'E-mail', value: 'amira@example.com' },
      { name: 'size', label: 'Size', value: 'M' },
    ],
  });
});

test('cards have pictures without a referrer, safe links and answers', async () => {
  const card = {
    title: 'Red',
    imageUrl: 'https://a.example/red.png',
    links: [{ label: 'More', url: 'https://a.example/red' }],
    options: [{ id: 'red', label: 'This one' }],
  };
  const { fake, ui } = await ask({ kind: 'cards', cards: [card, { title: 'Blue' }] });
  const list = await ui.findByRole('list');
  expect(within(list).getAllByRole('listitem')).toHaveLength(2);
  expect(list.querySelector('img')?.getAttribute('referrerpolicy')).toBe('no-referrer');
  expect(within(list).getByRole('link', { name: 'More' })).toMatchObject({
    href: 'https://a.example/red',
    rel: 'noopener noreferrer nofollow',
  });
  await userEvent.click(within(list).getByRole('button', { name: 'This one' }));
  expect(fake.calls.send).toEqual([['This one', { answer: { message: 2, option: 'red' } }]]);
});
