import { ContinuoError, type ContinuoErrorCode } from '@continuo/core';
import { cleanup, within } from '@testing-library/preact';
import { vi } from 'vitest';
import { mountPanel } from '../panel.tsx';
import { createShell } from '../shell/shell.ts';
import { createFakeClient, type FakeClient, MESSENGER } from './fake-client.ts';
import './until.ts';

/** A conversation token. */
export const TOKEN = 't'.repeat(43);

interface Given {
  fake?: FakeClient;
  lang?: string;
  token?: string | undefined;
  identity?: string;
}

const ends = new Set<() => void>();

/** A widget on a fake client, opened: the shell and the panel as they are. */
export const open = async ({ fake = createFakeClient(), lang = 'en', token, identity }: Given = {}) => {
  document.documentElement.lang = lang;
  const shell = createShell({
    options: { channel: 'web_1', baseUrl: 'https://chat.test/', ...(identity && { identity }) },
    load: () =>
      Promise.resolve({
        mountPanel: ({ shell }) => mountPanel({ shell, createClient: () => fake.client }),
      }),
  });
  ends.add(shell.destroy);
  shell.start(token);
  if (!token) shell.open();
  const ui = within(shell.container);
  const dialog = await ui.findByRole('dialog');
  return { fake, shell, ui, dialog, close: shell.destroy };
};

/** To be called after each test: leaves nothing behind. */
export const closeAll = (): void => {
  for (const end of ends) end();
  ends.clear();
  cleanup();
  vi.useRealTimers();
  sessionStorage.clear();
  localStorage.clear();
};

/** A conversation that began on Messenger. */
export const talking = (fake = createFakeClient()): FakeClient => {
  fake.wrote('My parcel is late', { channel: MESSENGER });
  fake.says('Let me see');
  fake.begin();
  return fake;
};

/** The server's refusal, with a way back into the social thread. */
export const refuse = (code: ContinuoErrorCode) => () => {
  const problem = {
    type: '',
    title: '',
    status: 410,
    code: 'handoff_used' as const,
    renewable: true,
    deepLink: 'https://m.me/acme',
  };
  return Promise.reject(new ContinuoError(code, { status: 410, problem }));
};
