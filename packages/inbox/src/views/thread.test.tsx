import type { ConversationEvent } from '@continuo/protocol';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { MINUTE, message, NOON, OMID, SARA, summaryOf, viewOf, WEB } from '../test-fixtures.ts';
import { closeInboxes, FakeServer, showInbox } from '../test-support.tsx';

afterEach(() => {
  cleanup();
  closeInboxes();
});

const open = async (server: FakeServer, languages?: readonly string[]) => {
  window.location.hash = '#/c/amal';
  showInbox(server, languages);
  const log = await screen.findByRole('log');
  await waitFor(() => expect(server.readers('/v1/inbox/conversations/amal/events')).toBe(1));
  return log;
};

const actor = (agent: { id: string; name: string }) =>
  ({ kind: 'agent', id: agent.id, name: agent.name }) as const;
const customer = { kind: 'customer', id: 'cu-amal', name: 'Amal Nasser' } as const;
const system = { kind: 'system', id: null, name: null } as const;
const handoff = { type: 'handoff', handoffId: 'h1', from: 'messenger', to: 'web', expiresAt: null } as const;

type Draft = ConversationEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'seq' | 'at'>
    : never
  : never;

const lines: [event: Draft, words: string][] = [
  [{ type: 'case.opened', case: 3 }, 'Case 3 opened'],
  [{ type: 'assigned', agent: actor(SARA), actor: system, reason: 'auto' }, 'Assigned to you'],
  [{ type: 'assigned', agent: null, actor: system, reason: 'queue' }, 'Waiting for an agent'],
  [
    { type: 'assigned', agent: actor(OMID), actor: actor(SARA), reason: 'manual' },
    'You assigned this to Omid Karimi',
  ],
  [
    { type: 'assigned', agent: actor(OMID), actor: actor(OMID), reason: 'manual' },
    'Omid Karimi took this on',
  ],
  [{ type: 'assigned', agent: null, actor: actor(SARA), reason: 'manual' }, 'You put this back in the queue'],
  [
    { type: 'assigned', agent: actor(OMID), actor: customer, reason: 'customer' },
    'The customer asked for a colleague: now with Omid Karimi',
  ],
  [
    { type: 'assignee.away', agent: actor(OMID) },
    'Omid Karimi is away: the customer may wait or ask for a colleague',
  ],
  [{ type: 'assignee.choice', choice: 'wait' }, 'The customer chose to wait'],
  [{ type: 'assignee.choice', choice: 'colleague' }, 'The customer asked for a colleague'],
  [{ ...handoff, step: 'offered', actor: actor(SARA), reason: null }, 'You sent a link to the website'],
  [
    { ...handoff, step: 'offered', actor: customer, reason: null },
    'The customer asked for a link to the website',
  ],
  [{ ...handoff, step: 'peeked', actor: customer, reason: null }, 'The link was opened'],
  [{ ...handoff, step: 'redeemed', actor: customer, reason: null }, 'The customer continues on the website'],
  [{ ...handoff, step: 'declined', actor: customer, reason: null }, '“Not me” was pressed on the link'],
  [
    { ...handoff, step: 'refused', actor: customer, reason: 'used' },
    'The link was refused: it had been used on another device',
  ],
  [
    { type: 'joined', conversationId: 'other', direction: 'from' },
    'Another conversation of this customer was joined to this one',
  ],
  [{ type: 'case.resolved', case: 3, actor: actor(OMID) }, 'Case 3 resolved by Omid Karimi'],
  [
    { type: 'case.rated', case: 3, score: 4, comment: 'Quick', actor: customer },
    'The customer rated case 3: good Quick',
  ],
  [{ type: 'erasure.cancelled', actor: actor(SARA) }, 'You took the erasure back'],
  [
    { type: 'erasure.requested', actor: customer, dueAt: NOON },
    'The customer asked to have everything erased. It happens at',
  ],
  [{ type: 'erased' }, 'Everything before this was erased'],
];

test.each(lines)('%o is told in a quiet line', async (event, words) => {
  const server = new FakeServer();
  server.events = [{ ...event, seq: 1, at: NOON }];
  const log = await open(server);
  await waitFor(() => expect(log.textContent).toContain(words));
});

test('what a reader may not see, or does not know, leaves no trace', async () => {
  const server = new FakeServer();
  const unknown = JSON.parse(`{ "type": "future", "seq": 2, "at": ${NOON} }`);
  server.events = [{ type: 'hidden', seq: 1, at: NOON }, unknown, message(3, 'Hello')];
  const log = await open(server);
  await within(log).findByText('Hello');
  expect(log.querySelectorAll('.event')).toHaveLength(0);
});

test('messages come in live, between days, and text stays text', async () => {
  const server = new FakeServer();
  server.events = [message(1, 'Yesterday’s', { at: NOON - 24 * 60 * MINUTE })];
  const log = await open(server);
  await within(log).findByText('Yesterday');
  server.append(
    message(2, '<img src=x onerror=alert(1)> https://aurora.example/a.', { at: NOON, channel: WEB }),
  );
  const link = await within(log).findByRole('link');
  expect(link.getAttribute('href')).toBe('https://aurora.example/a');
  expect(link.getAttribute('rel')).toContain('noopener');
  expect(log.querySelector('img')).toBeNull();
  expect(within(log).getByText('Today')).toBeDefined();
  expect(within(log).getByTitle('Website')).toBeDefined();
});

test('each paragraph takes its own direction', async () => {
  const server = new FakeServer();
  server.events = [message(1, 'Hello\nمرحبا')];
  const log = await open(server);
  const paragraph = await within(log).findByText('مرحبا');
  expect(paragraph.getAttribute('dir')).toBe('auto');
  expect(paragraph.textContent).not.toContain('Hello');
});

test('a file that came along can be opened; one that is gone is still named', async () => {
  const server = new FakeServer();
  const attachments = [
    { type: 'file', url: 'https://files.example/a.pdf', name: 'invoice.pdf' },
    { type: 'audio', url: null, name: null },
    { type: 'file', url: 'javascript:alert(1)', name: 'evil' },
  ] as const;
  server.events = [message(1, '', { attachments: [...attachments] })];
  const log = await open(server);
  expect((await within(log).findByRole('link')).getAttribute('href')).toBe('https://files.example/a.pdf');
  expect(log.textContent).toContain('Voice message');
  expect(log.textContent).toContain('evil');
});

test('a file that the server keeps is fetched by its id, a picture shown, the rest saved', async () => {
  const server = new FakeServer();
  // Here nothing comes into view by itself, and a press on a link would leave the page.
  vi.stubGlobal('IntersectionObserver', undefined);
  const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  const kept = { url: null, size: 5 } as const;
  const attachments = [
    { ...kept, type: 'image', id: 'file-0001', name: 'cup.jpg', mimeType: 'image/jpeg', width: 4, height: 3 },
    { ...kept, type: 'file', id: 'file-0002', name: 'page.txt', mimeType: 'text/plain' },
  ] as const;
  server.events = [message(1, '', { attachments: [...attachments] })];
  const log = await open(server);
  await waitFor(() => expect(log.querySelector('img[alt="cup.jpg"]')?.getAttribute('src')).toMatch(/^blob:/));
  expect(server.asked('/files/file-0001')).toHaveLength(1);
  expect(server.asked('/files/file-0002')).toHaveLength(0);
  fireEvent.click(within(log).getByLabelText(/Download .*page.txt/));
  await waitFor(() => expect(saved).toHaveBeenCalledOnce());
  expect(server.asked('/files/file-0002')).toHaveLength(1);
  server.failing.set('/files/file-0002', 'network');
  fireEvent.click(within(log).getByLabelText(/Download .*page.txt/));
  await within(log).findByText('Could not be loaded. Press to try again.');
  saved.mockRestore();
  vi.unstubAllGlobals();
});

test('the customer’s typing is shown, and is over with their message', async () => {
  const server = new FakeServer();
  const log = await open(server);
  server.signal({ type: 'typing', from: 'customer', agent: null, on: true });
  await within(log).findByText(/Amal Nasser.* is typing…/);
  server.append(message(1, 'Done'));
  await within(log).findByText('Done');
  await waitFor(() => expect(within(log).queryByText(/is typing/)).toBeNull());
});

test('what was seen is told to the server', async () => {
  const server = new FakeServer();
  server.events = [message(1, 'Hello')];
  await open(server);
  await waitFor(() => expect(server.asked('/receipts').at(-1)?.json).toEqual({ read: 1 }));
});

test('what is about the customer stands beside the thread', async () => {
  const server = new FakeServer();
  server.view = viewOf({ summary: summaryOf({ presence: 'web' }), case: { number: 4, openedAt: NOON } });
  await open(server);
  const context = screen.getByRole('region', { name: 'About the customer' });
  expect(context.textContent).toContain('Amal N.');
  expect(context.textContent).toContain('On the site');
  expect(context.textContent).toContain('English');
  expect(context.textContent).toContain('No. ⁨4⁩'.replace(/[⁨⁩]/g, ''));
  expect(context.textContent).toContain('Open until');
});

test('a conversation that is not there says so and leads back', async () => {
  const server = new FakeServer();
  window.location.hash = '#/c/nobody';
  showInbox(server);
  await screen.findByText(/does not exist/);
  await userEvent.click(screen.getByRole('button', { name: 'Back to conversations' }));
  await screen.findByText('Choose a conversation');
});

test('a conversation that is taken away while open says so', async () => {
  const server = new FakeServer();
  await open(server);
  server.signal({ type: 'ended' });
  await screen.findByText(/does not exist/);
  expect(screen.queryByRole('log')).toBeNull();
});

test('everything is there in Arabic, from right to left, with Arabic digits where the agent has them', async () => {
  const server = new FakeServer();
  server.view = viewOf({
    deliveries: [{ id: 'd2', seq: 2, channelKind: 'messenger', state: 'read', error: null }],
  });
  server.events = [
    { type: 'case.opened', case: 12, seq: 1, at: NOON },
    message(2, 'Hello', { agent: SARA }),
    { type: 'assigned', agent: actor(OMID), actor: actor(SARA), reason: 'manual', seq: 3, at: NOON },
  ];
  const log = await open(server, ['ar-EG']);
  await waitFor(() => expect(log.textContent).toContain('فُتحت الحالة ١٢'));
  expect(log.textContent).toContain('قُرئت على');
  expect(document.documentElement.dir).toBe('rtl');
  const name = within(log).getByText('Omid Karimi');
  expect(name.tagName).toBe('BDI');
  expect(screen.getByRole('textbox', { name: 'الرد' }).getAttribute('dir')).toBe('rtl');
  expect(screen.getByRole('button', { name: 'إنهاء الحالة' })).toBeDefined();
});

test('a call that is asked for has a number to press, and is marked as done', async () => {
  const server = new FakeServer();
  const call = { callbackId: 'callback-0001', phone: '+4930123456', due: null, note: 'About my parcel' };
  server.events = [{ seq: 1, at: NOON, type: 'callback.requested', ...call }];
  const log = await open(server);
  const link = within(log).getByRole('link', { name: '+4930123456' });
  expect([link.getAttribute('href'), link.dir, link.parentElement?.tagName]).toEqual([
    'tel:+4930123456',
    'ltr',
    'BDI',
  ]);
  within(log).getByText('About my parcel');
  await userEvent.click(within(log).getByRole('button', { name: 'Called' }));
  expect(server.calls).toContainEqual({
    method: 'post',
    path: '/v1/inbox/conversations/amal/callbacks/callback-0001/done',
    json: {},
  });
  cleanup();
  closeInboxes();
  const actor = { kind: 'agent', id: SARA.id, name: SARA.name } as const;
  server.events.push({ seq: 2, at: NOON, type: 'callback.done', callbackId: 'callback-0001', actor });
  const after = await open(server);
  expect(after.textContent).toContain('called the customer');
  expect(within(after).queryByRole('button', { name: 'Called' })).toBeNull();
});
