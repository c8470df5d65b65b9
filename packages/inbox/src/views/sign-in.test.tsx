import { cleanup, screen, waitFor } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { closeInboxes, FakeServer, showInbox } from '../test-support.tsx';

afterEach(() => {
  cleanup();
  closeInboxes();
});

const signedOut = () => {
  const server = new FakeServer();
  server.signedIn = false;
  return server;
};

const fill = async (password: string) => {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('E-mail'), 'sara@aurora.example');
  await user.type(screen.getByLabelText('Password'), password);
  await user.keyboard('{Enter}');
  return user;
};

test('a wrong password is told, and what was typed stays', async () => {
  showInbox(signedOut());
  await fill('wrong');
  await screen.findByText(/do not fit together/);
  expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'sara@aurora.example');
});

test('the right password opens the inbox; signing out leads back', async () => {
  const server = signedOut();
  showInbox(server);
  const user = await fill('right');
  await screen.findByRole('navigation', { name: 'Conversations' });

  await user.click(screen.getByRole('button', { name: 'Account and settings' }));
  server.signedIn = false;
  await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
  await screen.findByLabelText('Password');
});

test('nothing is sent while a field is empty', async () => {
  const server = signedOut();
  showInbox(server);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Sign in' }));
  await screen.findByText(/Enter your e-mail/);
  expect(server.asked('/sign-in/email')).toHaveLength(0);
});

test('an unreachable server is told apart from a wrong password', async () => {
  const server = signedOut();
  showInbox(server);
  await screen.findByLabelText('E-mail');
  server.failing.set('/sign-in/email', 'network');
  await fill('right');
  await screen.findByText(/cannot be reached/);
});

test('an agent whose session ended elsewhere is asked to sign in again', async () => {
  const server = new FakeServer();
  showInbox(server);
  await screen.findByRole('link', { name: /Amal Nasser/ });
  server.signalInbox({ type: 'ended' });
  await screen.findByText(/You were signed out/);
});

test('the language can be changed before signing in', async () => {
  showInbox(signedOut());
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'العربية' }));
  await screen.findByLabelText('كلمة المرور');
  await waitFor(() => expect(document.documentElement.dir).toBe('rtl'));
  expect(document.documentElement.lang).toBe('ar');
});
