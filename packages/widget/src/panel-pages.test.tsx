import { fireEvent, waitFor } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { PAGES } from './features/page/pages.ts';
import { feature } from './panel/Later.tsx';
import { createFakeClient } from './testing/fake-client.ts';
import { closeAll, open, talking } from './testing/open-widget.ts';
import { until } from './testing/until.ts';

afterEach(closeAll);

const focused = (root: ShadowRoot) => root.activeElement;

test('the menu lies over the conversation, takes the focus and gives it back', async () => {
  const { ui, shell, dialog } = await open({ fake: talking() });
  const more = ui.getByRole('button', { name: 'More' });
  more.focus();
  fireEvent.click(more);
  const title = await ui.findByRole('heading', { name: 'More' });
  expect(focused(shell.root)).toBe(title);
  expect(dialog.querySelector('.view')?.hasAttribute('inert')).toBe(true);
  fireEvent.keyDown(title, { key: 'Escape' });
  await waitFor(() => expect(ui.queryByRole('heading', { name: 'More' })).toBeNull());
  expect(focused(shell.root)).toBe(more);
  expect(dialog.querySelector('.view')?.hasAttribute('inert')).toBe(false);
  expect(dialog.isConnected).toBe(true);
});

test('leaving the device asks first, tells what would be lost, and forgets the session', async () => {
  const fake = talking();
  fake.pending('one', 'Not there yet', 'waiting');
  const { ui } = await open({ fake });
  localStorage.setItem('continuo:web_1', '1');
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  fireEvent.click(await ui.findByRole('button', { name: 'Leave this device' }));
  expect((await ui.findByText(/will be lost/)).textContent).toContain('1 message');
  expect(fake.calls.logout).toBeUndefined();
  fireEvent.click(ui.getByRole('button', { name: 'Leave' }));
  await until(() => expect(fake.calls.logout).toHaveLength(1));
  expect(localStorage.getItem('continuo:web_1')).toBeNull();
  await waitFor(() => expect(ui.queryByRole('heading', { name: 'Leave this device' })).toBeNull());
});

test('the sound is a switch', async () => {
  const { ui } = await open();
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  const sound = await ui.findByRole('switch', { name: 'Message sound' });
  expect(sound.getAttribute('aria-checked')).toBe('true');
  fireEvent.click(sound);
  await waitFor(() => expect(sound.getAttribute('aria-checked')).toBe('false'));
  expect(localStorage.getItem('continuo:web_1:muted')).toBe('1');
});

test('whoever has no session has none to leave', async () => {
  const { ui } = await open({ fake: createFakeClient() });
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  await ui.findByRole('heading', { name: 'More' });
  await until(() => expect(ui.queryByText('Loading…')).toBeNull());
  expect(ui.queryByRole('button', { name: 'Leave this device' })).toBeNull();
});

const Part = () => <p>Here it is</p>;

test('a part that could not be loaded says so, and is asked for again by a press', async () => {
  const { ui, shell } = await open();
  const load = vi
    .fn<() => Promise<{ default: typeof Part; css: string }>>()
    .mockRejectedValueOnce(new Error('offline'))
    .mockResolvedValue({ default: Part, css: '.part { color: red }' });
  const before = shell.root.adoptedStyleSheets.length;
  const given = vi.spyOn(PAGES, 'menu', 'get').mockReturnValue(feature(load));
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  fireEvent.click(await ui.findByRole('button', { name: 'Try again' }));
  await ui.findByText('Here it is');
  expect(load).toHaveBeenCalledTimes(2);
  expect(shell.root.adoptedStyleSheets.length).toBe(before + 1);
  given.mockRestore();
});
