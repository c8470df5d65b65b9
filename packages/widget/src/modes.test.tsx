import { within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWidget } from './create-widget.ts';
import { mountPanel } from './panel.tsx';
import { createShell } from './shell/shell.ts';
import { createFakeClient, MESSENGER } from './testing/fake-client.ts';
import { closeAll, open, talking } from './testing/open-widget.ts';
import { until } from './testing/until.ts';

const ends: (() => void)[] = [];

/** A widget of an application, whose panel is never loaded. */
const widgetOf = (channel: string, more: object = {}) => {
  const widget = createWidget({ channel, baseUrl: 'https://chat.test/', launcher: 'hidden', ...more });
  ends.push(widget.destroy);
  return widget;
};

/** What the shell of the script tag does inline, on a fake client. */
const inline = (fake = createFakeClient()) => {
  const place = document.createElement('continuo-chat');
  document.body.append(place);
  const shell = createShell({
    options: { channel: 'web_1', baseUrl: 'https://chat.test/', mode: 'inline' },
    load: async () => ({
      mountPanel: ({ shell }) => mountPanel({ shell, createClient: () => fake.client }),
    }),
  });
  ends.push(shell.destroy);
  shell.start();
  return { fake, shell, place };
};

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
  document.documentElement.lang = 'en';
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  closeAll();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

test('inline the chat fills its place at once, is no dialog, takes no focus and cannot be closed', async () => {
  const { shell, place } = inline();
  const ui = within(shell.container);
  const group = await ui.findByRole('group');
  expect(place.contains(shell.host)).toBe(true);
  expect([shell.host.dataset.mode, shell.button.hidden]).toEqual(['inline', true]);
  expect(group.getAttribute('aria-modal')).toBeNull();
  expect(ui.queryByRole('dialog')).toBeNull();
  expect(ui.queryByRole('button', { name: /close/i })).toBeNull();
  expect(document.activeElement).toBe(document.body);
  shell.close();
  expect(ui.getByRole('group')).toBe(group);
  expect(sessionStorage.length).toBe(0);
});

test('inline, begun anew, the chat is in its place again', async () => {
  const first = inline();
  await within(first.shell.container).findByRole('group');
  first.shell.destroy();
  expect([first.place.isConnected, first.place.childElementCount]).toEqual([true, 0]);
});

test('an application’s element gets the chat, and keeps what it has', () => {
  const element = document.createElement('div');
  element.append('Talk to us');
  document.body.append(element);
  expect(() => createWidget({ channel: 'web_1', baseUrl: 'https://chat.test/', mode: 'inline' })).toThrow(
    /element/,
  );
  const { destroy } = createWidget({
    channel: 'web_1',
    baseUrl: 'https://chat.test/',
    mode: 'inline',
    element,
  });
  expect(element.querySelector('continuo-chat')?.shadowRoot).not.toBeNull();
  destroy();
  expect(element.textContent).toBe('Talk to us');
  expect(element.childElementCount).toBe(0);
});

const launcher = (html: string) => {
  const box = document.createElement('p');
  box.innerHTML = html;
  document.body.append(box);
  const [element] = box.children;
  if (!(element instanceof HTMLElement)) throw new Error(html);
  return element;
};
const tell = (host: Element | null, name: string) => host?.dispatchEvent(new CustomEvent(`continuo:${name}`));

test.each(['<button data-continuo-open>Help</button>', '<a href="#continuo-open"><b>Help</b></a>'])(
  '%s opens the chat, tells whether it is open, and gets the focus back',
  async (html) => {
    const early = launcher(html);
    const { close, destroy } = widgetOf('web_1');
    expect(early.getAttribute('aria-expanded')).toBe('false');
    await userEvent.click(early.firstElementChild ?? early);
    await until(() => expect(early.getAttribute('aria-expanded')).toBe('true'));
    const late = launcher(html);
    late.focus();
    expect(late.getAttribute('aria-expanded')).toBe('true');
    late.blur();
    close();
    expect(early.getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement).toBe(early);
    destroy();
    expect(early.hasAttribute('aria-expanded')).toBe(false);
  },
);

test('of two brands each has its launchers; one without a name is the first one’s', () => {
  const named = launcher('<button data-continuo-open="web_2">Other</button>');
  const plain = launcher('<button data-continuo-open>Help</button>');
  widgetOf('web_1');
  widgetOf('web_2');
  const [first, second] = document.querySelectorAll('continuo-chat');
  tell(second ?? null, 'open');
  expect([plain, named].map((one) => one.getAttribute('aria-expanded'))).toEqual(['false', 'true']);
  tell(first ?? null, 'open');
  expect(plain.getAttribute('aria-expanded')).toBe('true');
});

test('the page is told what it may count, and never a word', async () => {
  const fake = talking();
  const { shell } = await open({ fake });
  const heard: unknown[] = [];
  for (const name of ['sent', 'rated', 'callback', 'identified', 'handoff'])
    shell.host.addEventListener(`continuo:${name}`, (event) =>
      heard.push([name, event instanceof CustomEvent && event.detail]),
    );
  fake.wrote('my card is 4242', { clientId: 'client-1' });
  fake.wrote('on Messenger', { channel: MESSENGER });
  fake.event({
    type: 'case.rated',
    case: 1,
    score: 4,
    comment: 'secret',
    actor: { kind: 'customer', id: 'c1', name: null },
  });
  fake.event({
    type: 'callback.requested',
    callbackId: 'call-0001',
    phone: '+491234567',
    due: null,
    note: null,
  });
  fake.event({ type: 'customer.identified', actor: { kind: 'customer', id: 'c1', name: 'Amira' } });
  await until(() =>
    expect(heard).toEqual([
      ['sent', null],
      ['rated', { score: 4 }],
      ['callback', { step: 'requested' }],
      ['identified', null],
    ]),
  );
});

test('a handoff’s steps are told', async () => {
  const fake = createFakeClient();
  const steps: unknown[] = [];
  const listen = (event: Event) => steps.push(event instanceof CustomEvent && event.detail.step);
  document.addEventListener('continuo:handoff', listen);
  const { ui } = await open({ fake, token: 't'.repeat(43) });
  await userEvent.click(await ui.findByRole('button', { name: /continue/i }));
  await until(() => expect(steps).toEqual(['peeked', 'redeemed']));
  document.removeEventListener('continuo:handoff', listen);
});
