import { expect, test } from 'vitest';
import {
  EMPTY_OUTBOX,
  type Hold,
  type OutboxEntry,
  type OutboxEvent,
  type OutboxState,
  outbox,
  toPending,
} from './outbox.ts';

const NOW = 1000;
const entry = (clientId: string, change: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientId,
  text: clientId,
  at: 1,
  state: 'waiting',
  error: null,
  hold: null,
  ...change,
});
const hold = (change: Partial<Hold> = {}): Hold => ({
  failures: 1,
  at: NOW,
  until: NOW + 500,
  isAsked: false,
  ...change,
});
const failed = entry('a', { state: 'failed', error: 'too_large' });
const clientId = 'a';
const EVENTS = {
  add: { type: 'add', entry: entry('a') },
  stored: { type: 'stored', clientId, at: 7 },
  synced: { type: 'synced', entries: [entry('a')] },
  missing: { type: 'synced', entries: [] },
  elsewhere: { type: 'elsewhere', clientId },
  nowhere: { type: 'elsewhere', clientId: null },
  turn: { type: 'turn', now: NOW, wokenAt: 0 },
  woken: { type: 'turn', now: NOW, wokenAt: NOW },
  confirmed: { type: 'confirmed', clientIds: ['a'] },
  deferred: { type: 'deferred', clientId, hold: hold() },
  refused: { type: 'refused', clientId, error: 'conflict' },
  retry: { type: 'retry', clientId },
  discard: { type: 'discard', clientId },
} satisfies Record<string, OutboxEvent>;
type EventName = keyof typeof EVENTS;

const SITUATIONS = {
  none: EMPTY_OUTBOX,
  waiting: { ...EMPTY_OUTBOX, entries: [entry('a')] },
  held: { ...EMPTY_OUTBOX, entries: [entry('a', { hold: hold() })] },
  asked: { ...EMPTY_OUTBOX, entries: [entry('a', { hold: hold({ isAsked: true }) })] },
  sending: { ...EMPTY_OUTBOX, entries: [entry('a')], sending: 'a' },
  elsewhere: { ...EMPTY_OUTBOX, entries: [entry('a')], elsewhere: 'a' },
  failed: { ...EMPTY_OUTBOX, entries: [failed] },
} satisfies Record<string, OutboxState>;
type Situation = keyof typeof SITUATIONS;

const situationOf = ({ entries: [first], sending, elsewhere }: OutboxState): string => {
  if (!first) return sending || elsewhere ? 'none, busy' : 'none';
  if (sending) return 'sending';
  if (elsewhere) return 'elsewhere';
  if (first.state === 'failed') return 'failed';
  return first.hold ? (first.hold.isAsked ? 'asked' : 'held') : 'waiting';
};

/** Every state × every event, for one message: its next state and the effects. `-`: nothing changes. */
const TABLE: Record<Situation, Record<EventName, string>> = {
  none: {
    add: 'waiting: write',
    stored: '-',
    synced: 'waiting',
    missing: 'none',
    elsewhere: 'none, busy',
    nowhere: '-',
    turn: '-',
    woken: '-',
    confirmed: '-',
    deferred: '-',
    refused: '-',
    retry: '-',
    discard: '-',
  },
  waiting: {
    add: '-',
    stored: 'waiting',
    synced: 'waiting',
    missing: 'none',
    elsewhere: 'elsewhere',
    nowhere: '-',
    turn: 'sending: send',
    woken: 'sending: send',
    confirmed: 'none: drop',
    deferred: '-',
    refused: '-',
    retry: '-',
    discard: 'none: drop',
  },
  held: {
    add: '-',
    stored: 'held',
    synced: 'waiting',
    missing: 'none',
    elsewhere: 'elsewhere',
    nowhere: '-',
    turn: 'held: pause',
    woken: 'sending: send',
    confirmed: 'none: drop',
    deferred: '-',
    refused: '-',
    retry: '-',
    discard: 'none: drop',
  },
  asked: {
    add: '-',
    stored: 'asked',
    synced: 'waiting',
    missing: 'none',
    elsewhere: 'elsewhere',
    nowhere: '-',
    turn: 'asked: pause',
    woken: 'asked: pause',
    confirmed: 'none: drop',
    deferred: '-',
    refused: '-',
    retry: '-',
    discard: 'none: drop',
  },
  sending: {
    add: '-',
    stored: 'sending',
    synced: 'sending',
    missing: 'none, busy',
    elsewhere: 'sending',
    nowhere: '-',
    turn: '-',
    woken: '-',
    confirmed: 'none: drop',
    deferred: 'held: save',
    refused: 'failed: save',
    retry: '-',
    discard: '-',
  },
  elsewhere: {
    add: '-',
    stored: 'elsewhere',
    synced: 'elsewhere',
    missing: 'none, busy',
    elsewhere: '-',
    nowhere: 'waiting',
    turn: 'sending: send',
    woken: 'sending: send',
    confirmed: 'none: drop',
    deferred: '-',
    refused: '-',
    retry: '-',
    discard: '-',
  },
  failed: {
    add: '-',
    stored: 'failed',
    synced: 'waiting',
    missing: 'none',
    elsewhere: 'elsewhere',
    nowhere: '-',
    turn: '-',
    woken: '-',
    confirmed: 'none: drop',
    deferred: '-',
    refused: '-',
    retry: 'waiting: save',
    discard: 'none: drop',
  },
};

const typed = <T extends object>(value: T) => Object.entries(value) as [keyof T, T[keyof T]][];

for (const [situation, row] of typed(TABLE)) {
  test.each(typed(row))(`${situation} × %s → %s`, (event, expected) => {
    const before: OutboxState = SITUATIONS[situation];
    const [after, effects] = outbox(before, EVENTS[event]);
    const told = effects.map(({ type }) => type).join(' ');
    if (expected === '-') expect([after, effects]).toEqual([before, []]);
    else expect(`${situationOf(after)}${told && `: ${told}`}`).toBe(expected);
  });
}

test('the storage says where a message stands', () => {
  const [state] = outbox(
    { ...EMPTY_OUTBOX, entries: [entry('a', { at: 1 }), entry('b', { at: 2 })] },
    { type: 'stored', clientId: 'a', at: 3 },
  );
  expect(state.entries.map(({ clientId, at }) => [clientId, at])).toEqual([
    ['b', 2],
    ['a', 3],
  ]);
});

test('a failed message holds up no other, and keeps its place when it is retried', () => {
  let state: OutboxState = {
    ...EMPTY_OUTBOX,
    entries: [entry('a', { at: 1 }), entry('b', { at: 2 })],
    sending: 'a',
  };
  [state] = outbox(state, EVENTS.refused);
  [state] = outbox(state, EVENTS.turn);
  expect(toPending(state).map(({ state }) => state)).toEqual(['failed', 'sending']);
  [state] = outbox(state, EVENTS.retry);
  expect(toPending(state).map(({ clientId, state }) => `${clientId} ${state}`)).toEqual([
    'a waiting',
    'b sending',
  ]);
});

test('a clock that was set back to before a hold began ends it, also one that the server asked for', () => {
  for (const isAsked of [false, true]) {
    const held = entry('a', { hold: hold({ at: NOW + 1, until: NOW + 60_000, isAsked }) });
    const effects = outbox({ ...EMPTY_OUTBOX, entries: [held] }, EVENTS.turn)[1];
    expect(effects).toEqual([{ type: 'send', entry: held }]);
  }
});

test('a hold that began before the clock was set back lasts five minutes at most', () => {
  const state = { ...EMPTY_OUTBOX, entries: [entry('a', { hold: hold({ until: NOW + 86_400_000 }) })] };
  expect(outbox(state, EVENTS.turn)[1]).toEqual([{ type: 'pause', ms: 300_000 }]);
});
