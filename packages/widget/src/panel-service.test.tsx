import { fireEvent, waitFor } from '@testing-library/preact';
import { atom } from 'nanostores';
import { afterEach, expect, test, vi } from 'vitest';
import { phoneOf } from './features/callback/phone.ts';
import { slotsOf } from './features/callback/slots.ts';
import { announceQueue } from './features/service/announce-queue.ts';
import { openNow } from './features/service/open-now.ts';
import { createI18n } from './i18n/translate.ts';
import { en } from './locales/en.ts';
import { matchLocale } from './locales/locale.ts';
import { createFakeClient, SARA } from './testing/fake-client.ts';
import { closeAll, open, talking } from './testing/open-widget.ts';
import { until } from './testing/until.ts';

afterEach(closeAll);

const HOUR = 3_600_000;
const CHANNEL = { channelKey: 'web_1', workspace: { name: 'Acme' }, online: true, callbacks: true };

/** Tomorrow at nine, by the visitor's own clock, until five. */
const tomorrow = (): [number, number] => {
  const date = new Date();
  const nine = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, 9).getTime();
  return [nine, nine + 8 * HOUR];
};

const closed = () => {
  const fake = createFakeClient();
  const week = [tomorrow()];
  fake.$channel.set({
    ...CHANNEL,
    online: false,
    hours: { open: false, changesAt: week[0]?.[0] ?? null, week },
  });
  return fake;
};

test('whoever comes when it is closed learns when it opens by their own clock, and what they can do', async () => {
  const { ui } = await open({ fake: closed() });
  expect((await ui.findByText(/We are closed/)).textContent).toMatch(/Back tomorrow at 9:00/);
  await ui.findByText(/Leave a message/);
  fireEvent.click(ui.getByRole('button', { name: 'Opening hours' }));
  const rows = await waitFor(() => {
    const found = ui.getAllByRole('row');
    expect(found).toHaveLength(7);
    return found;
  });
  expect(rows.map((row) => row.textContent?.includes('Closed'))).toEqual([
    true,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});

test('while it is open it says how soon one is answered', async () => {
  const fake = createFakeClient();
  fake.$channel.set({ ...CHANNEL, replyMinutes: 5 });
  const { ui } = await open({ fake });
  expect((await ui.findByText(/Usually replies/)).textContent).toBe('Usually replies in 5 minutes');
});

test('a bot says that it is one, and a person can be asked for', async () => {
  const fake = talking();
  fake.$agent.set({ ...SARA, name: 'Robin', role: 'Assistant', bot: true });
  const { ui } = await open({ fake });
  await ui.findByText('Bot');
  await ui.findByText('Assistant');
  fireEvent.click(ui.getByRole('button', { name: 'Talk to a person' }));
  await until(() => expect(fake.calls.choose).toEqual([['colleague']]));
});

test('a call is asked for at a time; what was typed stays when that fails, and it is asked for once', async () => {
  const fake = closed();
  fake.on('post callbacks', () => Promise.reject(new Error('offline')));
  const { ui } = await open({ fake });
  fireEvent.click(await ui.findByRole('button', { name: 'Request a call' }));
  const phone = await ui.findByRole('textbox', { name: 'Phone number' });
  expect([phone.getAttribute('type'), phone.getAttribute('autocomplete')]).toEqual(['tel', 'tel']);
  fireEvent.click(ui.getByRole('button', { name: 'Call me' }));
  await ui.findByText(/enter a phone number/);
  expect(fake.calls.request).toBeUndefined();
  fireEvent.input(phone, { target: { value: '0049 (30) ١٢٣ 456' } });
  const times = ui.getByRole('combobox', { name: 'When' });
  const [, first] = [...times.querySelectorAll('option')];
  fireEvent.change(times, { target: { value: first?.value } });
  fireEvent.click(ui.getByRole('button', { name: 'Call me' }));
  await ui.findByText(/did not work/);
  expect(phone).toHaveProperty('value', '0049 (30) ١٢٣ 456');
  fake.on('post callbacks', () => Promise.resolve());
  fireEvent.click(ui.getByRole('button', { name: 'Call me' }));
  await waitFor(() => expect(ui.queryByRole('button', { name: 'Call me' })).toBeNull());
  const [one, other] = fake.calls.request ?? [];
  expect(one).toEqual(other);
  expect(one?.[2]).toMatchObject({ phone: '+4930123456', at: tomorrow()[0] });
});

test('the call stands in the conversation, can be cancelled, and says what became of it', async () => {
  const fake = talking();
  const call = { callbackId: 'callback-0001', phone: '+4930123456', due: null, note: null };
  fake.event({ type: 'callback.requested', ...call });
  const { ui } = await open({ fake });
  expect((await ui.findByText(/We call you on/)).textContent).toContain('+4930123456');
  fireEvent.click(ui.getByRole('button', { name: 'Cancel the call' }));
  await until(() =>
    expect(fake.calls.request?.[0]).toEqual(['post', 'callbacks/callback-0001/cancel', undefined]),
  );
  const actor = { kind: 'agent', id: 'a1', name: 'Sara' } as const;
  fake.event({ type: 'callback.done', callbackId: 'callback-0001', actor });
  await ui.findByText('We called you.');
  expect(ui.queryByRole('button', { name: 'Cancel the call' })).toBeNull();
});

test('a place in the queue is told politely, the latest of several', () => {
  vi.useFakeTimers();
  const fake = createFakeClient();
  const told: string[] = [];
  const announcer = { $said: atom({ polite: '', urgent: '' }), say: (text: string) => void told.push(text) };
  const i18n = createI18n(en, matchLocale(['en']));
  const stop = announceQueue({ client: fake.client, announcer, i18n });
  for (const queuePosition of [5, 4, 3]) fake.begin({ assignee: null, queuePosition });
  expect(told).toEqual([]);
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([i18n.text('queued', { n: 3 })]);
  fake.begin({ assignee: null, queuePosition: 1 });
  vi.advanceTimersByTime(5000);
  expect(told[1]).toBe(i18n.text('queuedNext'));
  fake.begin({ queuePosition: null });
  vi.advanceTimersByTime(5000);
  expect(told).toHaveLength(2);
  stop();
});

test('it changes by itself when the hours do', () => {
  const hours = { open: false, changesAt: 100, week: [[100, 200]] satisfies [number, number][] };
  expect([50, 100, 199, 200].map((at) => openNow(hours, at))).toEqual([
    { open: false, changesAt: 100 },
    { open: true, changesAt: 200 },
    { open: true, changesAt: 200 },
    { open: false, changesAt: null },
  ]);
});

test('times that are offered are half hours within the hours, not too soon and not too far', () => {
  const start = Date.UTC(2026, 10, 23, 9);
  const hours = {
    open: true,
    changesAt: null,
    week: [[start, start + 2 * HOUR]] satisfies [number, number][],
  };
  expect(slotsOf(hours, start + 25 * 60_000).map((at) => (at - start) / 60_000)).toEqual([60, 90]);
  expect(slotsOf(undefined, start)).toHaveLength(5 * 48 - 1);
});

test.each([
  ['+49 (30) 12-34 56', '+4930123456'],
  ['0171/234567', '0171234567'],
  ['+۴۹ ۳۰ ۱۲۳۴', '+49301234'],
  ['१२३४५', '12345'],
  ['1234', null],
  ['call me', null],
  ['12345x', null],
])('the number %s', (typed, phone) => {
  expect(phoneOf(typed)).toBe(phone);
});
