import { fireEvent, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeClient } from './testing/fake-client.ts';
import { AGENT, NOON } from './testing/fake-log.ts';
import { closeAll, open, refuse, talking } from './testing/open-widget.ts';
import { until } from './testing/until.ts';

const saved: Blob[] = [];
beforeEach(() => {
  saved.length = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    if (blob instanceof Blob) saved.push(blob);
    return 'blob:1';
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  closeAll();
});

const CUSTOMER = { kind: 'customer' as const, id: 'c1', name: 'Amira' };

/** Opens a page of the menu. */
const page = async (fake: ReturnType<typeof talking>, name: string) => {
  const opened = await open({ fake });
  fireEvent.click(opened.ui.getByRole('button', { name: 'More' }));
  fireEvent.click(await opened.ui.findByRole('button', { name }));
  await opened.ui.findByRole('heading', { name });
  await until(() => expect(opened.ui.queryByText('Loading…')).toBeNull());
  return opened;
};

const resolved = () => {
  const fake = talking();
  fake.event({ type: 'case.resolved', case: 1, actor: AGENT, at: Date.now() });
  return fake;
};

const asked = (fake: ReturnType<typeof talking>, method: string, what: string) =>
  (fake.calls.request ?? []).filter(([how, path]) => how === method && path === what);

test('after a case is closed it can be rated in words, with a comment, and thanks follow', async () => {
  const fake = resolved();
  const { ui } = await open({ fake });
  await ui.findByText('How did we do?');
  expect(ui.getAllByRole('radio')).toHaveLength(5);
  expect(ui.queryByRole('button', { name: 'Send', hidden: false })).not.toBe(null);
  fireEvent.click(ui.getByRole('radio', { name: 'Good' }));
  fireEvent.input(await ui.findByLabelText('Anything to add? (optional)'), { target: { value: 'Quick' } });
  const buttons = ui.getAllByRole('button', { name: 'Send' });
  const send = buttons.find((button) => button.closest('.card'));
  if (!send) throw new Error('no button');
  fireEvent.click(send);
  await until(() =>
    expect(asked(fake, 'post', 'rating')).toEqual([
      ['post', 'rating', { case: 1, score: 4, comment: 'Quick' }],
    ]),
  );
  fake.event({ type: 'case.rated', case: 1, score: 4, comment: 'Quick', actor: CUSTOMER });
  await waitFor(() => expect(ui.getByText(/Your rating:/).textContent).toContain('Good'));
  fireEvent.click(ui.getByRole('button', { name: 'Change' }));
  await ui.findByText('How did we do?');
});

test('a rating that did not arrive keeps what was written', async () => {
  const fake = resolved();
  fake.on('post rating', refuse('network'));
  const { ui } = await open({ fake });
  fireEvent.click(await ui.findByRole('radio', { name: 'Bad' }));
  const comment = await ui.findByLabelText('Anything to add? (optional)');
  fireEvent.input(comment, { target: { value: 'Slow' } });
  const send = ui.getAllByRole('button', { name: 'Send' }).find((button) => button.closest('.card'));
  if (!send) throw new Error('no button');
  fireEvent.click(send);
  await ui.findByText(/That did not work/);
  expect(comment).toHaveProperty('value', 'Slow');
  expect(ui.getByRole('radio', { name: 'Bad' })).toHaveProperty('checked', true);
});

test('it can be skipped, and is not asked of an old case or one that was followed by another', async () => {
  const old = talking();
  old.event({ type: 'case.resolved', case: 1, actor: AGENT, at: Date.now() - 8 * 86_400_000 });
  const late = await open({ fake: old });
  await late.ui.findByText(/This case is closed/);
  expect(late.ui.queryByText('How did we do?')).toBeNull();
  late.close();

  const fake = resolved();
  fake.begin({ id: 'another' });
  const { ui } = await open({ fake });
  fireEvent.click(await ui.findByRole('button', { name: 'Skip' }));
  await waitFor(() => expect(ui.queryByText('How did we do?')).toBeNull());
  expect(asked(fake, 'post', 'rating')).toEqual([]);
});

test('ending the chat asks first, names the open case, and is offered only while one is open', async () => {
  const fake = talking();
  const { ui } = await page(fake, 'End the chat');
  expect(asked(fake, 'post', 'resolve')).toEqual([]);
  fireEvent.click(ui.getByRole('button', { name: 'End the chat' }));
  await until(() => expect(asked(fake, 'post', 'resolve')).toEqual([['post', 'resolve', { case: 1 }]]));
  await waitFor(() => expect(ui.queryByText('End this chat?')).toBeNull());
  fake.begin({ case: { number: 1, status: 'resolved' } });
  fireEvent.click(ui.getByRole('button', { name: 'More' }));
  await ui.findByRole('button', { name: 'Search' });
  expect(ui.queryByRole('button', { name: 'End the chat' })).toBeNull();
});

const HIT = {
  seq: 1,
  at: NOON,
  author: CUSTOMER,
  snippet: 'My <b>parcel</b> is late',
  ranges: [[6, 12]],
};

test('search shows what was found as text with the words marked, and leads to the message', async () => {
  const fake = talking();
  fake.on('get search', async () => ({ results: [HIT], before: null }));
  const { ui, shell } = await page(fake, 'Search');
  fireEvent.input(ui.getByRole('searchbox', { name: 'Search in this conversation' }), {
    target: { value: 'parcel' },
  });
  const hit = await ui.findByRole('button', { name: /You.*parcel/ });
  expect(hit.querySelector('mark')?.textContent).toBe('parcel');
  expect(hit.textContent).toContain('My <b>parcel</b> is late');
  expect(hit.querySelector('b')).toBeNull();
  fireEvent.click(hit);
  await waitFor(() => expect(ui.queryByRole('heading', { name: 'Search' })).toBeNull());
  await waitFor(() => {
    expect(shell.root.activeElement?.textContent).toContain('My parcel is late');
  });
});

test('what stands before the known messages is read page by page until it is there', async () => {
  const fake = createFakeClient();
  fake.says('Newest');
  fake.begin();
  fake.$hasEarlier.set(true);
  fake.on('get search', async () => ({ results: [{ ...HIT, seq: 0 }], before: null }));
  const { ui } = await page(fake, 'Search');
  fireEvent.input(ui.getByRole('searchbox'), { target: { value: 'parcel' } });
  fireEvent.click(await ui.findByRole('button', { name: /parcel/ }));
  await until(() => expect(fake.calls.loadEarlier?.length).toBeGreaterThan(0));
});

test('nothing found, and more than a page', async () => {
  const fake = talking();
  fake.on('get search', async () => ({ results: [], before: null }));
  const { ui } = await page(fake, 'Search');
  const field = ui.getByRole('searchbox');
  fireEvent.input(field, { target: { value: 'zebra' } });
  await ui.findByText('Nothing was found.');
  fake.on('get search', async () => ({ results: [HIT], before: 1 }));
  fireEvent.input(field, { target: { value: 'parcel' } });
  fireEvent.click(await ui.findByRole('button', { name: 'Show more' }));
  await until(() => expect(asked(fake, 'get', 'search').length).toBeGreaterThan(2));
});

test('earlier cases are listed with their agent and rating', async () => {
  const fake = talking();
  const past = {
    number: 1,
    fromSeq: 1,
    openedAt: NOON,
    resolvedAt: NOON + 1,
    agentName: 'Sara',
    rating: 5,
    ratingComment: null,
  };
  fake.on('get cases', async () => ({ cases: [past] }));
  const { ui } = await page(fake, 'Earlier cases');
  const line = await ui.findByRole('button', { name: /Case.*1/ });
  expect(line.textContent).toContain('Sara');
  expect(line.textContent).toContain('Very good');
});

test('the copy is a text file with who, when, what, and files by name', async () => {
  const fake = talking();
  const attachments = [{ type: 'file' as const, url: null, name: 'bill.pdf' }];
  const events = [
    { seq: 1, at: NOON, type: 'case.opened', case: 1 },
    { ...fake.wrote('שלום\u202e abc', { attachments }), at: NOON },
    fake.says('Let me see'),
  ];
  fake.on('get history', async () => ({ events, more: false }));
  const { ui } = await page(fake, 'Get a copy');
  expect(ui.queryByRole('textbox', { name: 'Your e-mail address' })).toBeNull();
  fireEvent.click(ui.getByRole('button', { name: 'Download' }));
  await until(() => expect(saved).toHaveLength(1));
  const text = (await saved[0]?.text()) ?? '';
  const bytes = new Uint8Array((await saved[0]?.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(bytes.slice(0, 3)).toEqual(new Uint8Array([0xef, 0xbb, 0xbf]));
  expect(text).toContain('שלום abc\r\n[File: \u2068bill.pdf\u2069]');
  expect(text).toMatch(/\u2068Sara\u2069, .*2026.*\r\nLet me see/);
});

test('by e-mail only where the server can, and refusals are told in words', async () => {
  const fake = talking();
  fake.$channel.set({
    channelKey: 'web_1',
    workspace: { name: 'Acme' },
    online: true,
    transcriptByMail: true,
  });
  fake.on('post transcript', refuse('rate_limited'));
  const { ui } = await page(fake, 'Get a copy');
  const field = ui.getByLabelText('Your e-mail address');
  fireEvent.input(field, { target: { value: 'a@b.example ' } });
  fireEvent.click(ui.getByRole('button', { name: 'Send by e-mail' }));
  await ui.findByText(/Three copies were sent today/);
  fake.on('post transcript', async () => ({}));
  fireEvent.click(ui.getByRole('button', { name: 'Send by e-mail' }));
  await waitFor(() => expect(ui.getByText(/Sent to/).textContent).toContain('a@b.example'));
  expect(asked(fake, 'post', 'transcript').at(-1)).toMatchObject([
    'post',
    'transcript',
    { email: 'a@b.example', locale: 'en', timeZone: expect.any(String) },
  ]);
});

test('my data: a file, and an erasure after two presses, which can be taken back on the page and in the log', async () => {
  const fake = talking();
  fake.on('get export', async () => ({ customer: { id: 'c1' } }));
  const { ui } = await page(fake, 'My data');
  fireEvent.click(ui.getByRole('button', { name: 'Download' }));
  await until(() => expect(saved).toHaveLength(1));
  expect(JSON.parse((await saved[0]?.text()) ?? '')).toEqual({ customer: { id: 'c1' } });
  fireEvent.click(ui.getByRole('button', { name: 'Erase everything' }));
  expect(asked(fake, 'post', 'erase')).toEqual([]);
  fake.on('post erase', async () => ({ dueAt: NOON }));
  fireEvent.click(await ui.findByRole('button', { name: 'Yes, erase it all' }));
  await until(() => expect(asked(fake, 'post', 'erase')).toHaveLength(1));
  fake.event({ type: 'erasure.requested', actor: CUSTOMER, dueAt: NOON });
  const keep = await waitFor(() => {
    const [button] = ui
      .getAllByRole('button', { name: 'Keep my data' })
      .filter((each) => each.closest('.page'));
    if (!button || ui.queryByRole('button', { name: 'Yes, erase it all' })) throw new Error('not yet');
    return button;
  });
  fireEvent.click(keep);
  await until(() => expect(asked(fake, 'delete', 'erase')).toHaveLength(1));
  fake.event({ type: 'erasure.cancelled', actor: CUSTOMER });
  await ui.findByRole('button', { name: 'Erase everything' });
  await ui.findByText('Your data is kept.', { selector: '.note-line *' });
});
