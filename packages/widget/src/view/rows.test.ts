import { expect, test } from 'vitest';
import { AGENT, createFakeClient, MESSENGER, NOON } from '../testing/fake-client.ts';
import { openChoice, type Row, reuseRows, toRows } from './rows.ts';

const DAY = 86_400_000;
const kinds = (rows: readonly Row[]) => rows.map(({ kind }) => kind);
const rowsOf = (
  fake: ReturnType<typeof createFakeClient>,
  {
    agentRead = 0,
    agentReceived = 0,
    unreadAfter = null,
  }: { agentRead?: number; agentReceived?: number; unreadAfter?: number | null } = {},
) => toRows({ items: fake.$messages.get(), positions: { agentReceived, agentRead }, unreadAfter });

test('each day begins with its date', () => {
  const fake = createFakeClient();
  fake.wrote('one', { at: NOON - DAY });
  fake.wrote('two', { at: NOON });
  expect(kinds(rowsOf(fake))).toEqual(['day', 'message', 'day', 'message']);
});

test('messages of one writer in one place within minutes are one run', () => {
  const fake = createFakeClient();
  fake.wrote('a', { at: NOON, channel: MESSENGER });
  fake.wrote('b', { at: NOON + 1000, channel: MESSENGER });
  fake.wrote('c', { at: NOON + 2000 });
  fake.wrote('d', { at: NOON + 3000 + 5 * 60_000 });
  const runs = rowsOf(fake).flatMap((row) => (row.kind === 'message' ? [[row.first, row.last]] : []));
  expect(runs).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test.each([
  ['too_large', 'failedRefused'],
  ['client_id_conflict', 'failedRefused'],
  ['session_ended', 'failedEnded'],
  ['timeout', 'failedOld'],
] as const)('a message that failed with %s says why', (error, failure) => {
  const pending = { clientId: 'c1', text: 'c', at: NOON, state: 'failed', error } as const;
  const rows = toRows({
    items: [{ key: 'c1', seq: null, pending }],
    positions: { agentRead: 0 },
    unreadAfter: null,
  });
  expect(rows[1]).toMatchObject({ status: 'failed', failure });
});

test('own messages are sent, then read; those under way keep their state', () => {
  const fake = createFakeClient();
  fake.wrote('a');
  fake.wrote('b');
  fake.pending('c1', 'c', 'failed');
  const states = rowsOf(fake, { agentRead: 1 }).flatMap((row) =>
    row.kind === 'message' ? [row.status] : [],
  );
  expect(states).toEqual(['read', 'sent', 'failed']);
});

test('the new divider stands once, before the first message of the other side', () => {
  const fake = createFakeClient();
  fake.says('seen');
  fake.wrote('mine');
  fake.says('new');
  fake.says('newer');
  expect(kinds(rowsOf(fake, { unreadAfter: 1 }))).toEqual([
    'day',
    'message',
    'message',
    'unread',
    'message',
    'message',
  ]);
});

test('what is not for the customer shows nothing', () => {
  const fake = createFakeClient();
  const system = { kind: 'system' as const, id: null, name: null };
  fake.event({ type: 'hidden' });
  fake.event({ type: 'case.opened', case: 1 });
  fake.event({ type: 'assigned', agent: null, actor: system, reason: 'queue' });
  fake.event({ type: 'joined', conversationId: 'x', direction: 'into' });
  for (const step of ['offered', 'peeked', 'declined', 'refused'] as const) {
    fake.event({
      type: 'handoff',
      handoffId: 'h',
      step,
      from: 'messenger',
      to: 'web',
      actor: system,
      reason: null,
      expiresAt: null,
    });
  }
  expect(rowsOf(fake)).toEqual([]);
});

test('the question whether to wait is open until it is settled', () => {
  const fake = createFakeClient();
  fake.event({ type: 'assignee.away', agent: AGENT });
  fake.wrote('hello?');
  expect(openChoice(fake.$messages.get())).toBe(1);
  expect(kinds(rowsOf(fake))).toEqual(['day', 'choice', 'message']);
  fake.event({ type: 'assignee.choice', choice: 'wait' });
  expect(openChoice(fake.$messages.get())).toBeNull();
  expect(kinds(rowsOf(fake))).toEqual(['day', 'message', 'note']);
});

test('only rows that look different are new', () => {
  const fake = createFakeClient();
  fake.wrote('a');
  fake.says('b');
  const before = rowsOf(fake);
  fake.says('c');
  const after = reuseRows(before, rowsOf(fake, { agentRead: 1 }));
  expect(after.map((row) => before.includes(row))).toEqual([true, false, false, false]);
  expect(reuseRows(after, rowsOf(fake, { agentRead: 1 })).every((row) => after.includes(row))).toBe(true);
});

test('own messages are sent, then delivered, then read, and each state of a run is shown once', () => {
  const fake = createFakeClient();
  for (const text of ['a', 'b', 'c', 'd']) fake.wrote(text);
  const rows = rowsOf(fake, { agentRead: 1, agentReceived: 3 }).filter((row) => row.kind === 'message');
  expect(rows.map(({ status }) => status)).toEqual(['read', 'delivered', 'delivered', 'sent']);
  expect(rows.map(({ meta }) => meta)).toEqual([true, false, true, true]);
  expect(rows.map(({ last }) => last)).toEqual([false, false, false, true]);
});
