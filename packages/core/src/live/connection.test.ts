import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ConnectionEvent, type ConnectionState, connect, IDLE, publicConnection } from './connection.ts';

type Name = ConnectionState['name'];

const EVENTS = {
  open: { type: 'open' },
  opened: { type: 'opened' },
  lost: { type: 'lost' },
  drain: { type: 'drain', withinMs: 9000 },
  timer: { type: 'timer' },
  change: { type: 'switch' },
  wake: { type: 'wake', fresh: false },
  fresh: { type: 'wake', fresh: true },
  offline: { type: 'offline' },
  sleep: { type: 'sleep' },
  ended: { type: 'ended' },
  outdated: { type: 'outdated' },
  close: { type: 'close' },
} satisfies Record<string, ConnectionEvent>;
type EventName = keyof typeof EVENTS;

const C = 'connecting connect';
const D = 'offline disconnect';
const IDLED = 'idle disconnect';
const OLD = 'outdated disconnect';
const ENDED = 'ended disconnect';
const W = 'waiting wait';

/** Every state × every event. `-`: nothing changes. */
const TABLE: Record<Name, Record<EventName, string>> = {
  idle: {
    open: C,
    opened: '-',
    lost: '-',
    drain: '-',
    timer: '-',
    change: '-',
    wake: '-',
    fresh: '-',
    offline: '-',
    sleep: '-',
    ended: '-',
    outdated: OLD,
    close: IDLED,
  },
  connecting: {
    open: '-',
    opened: 'online',
    lost: W,
    drain: '-',
    timer: '-',
    change: C,
    wake: '-',
    fresh: '-',
    offline: D,
    sleep: D,
    ended: ENDED,
    outdated: OLD,
    close: IDLED,
  },
  online: {
    open: '-',
    opened: '-',
    lost: W,
    drain: W,
    timer: '-',
    change: C,
    wake: C,
    fresh: '-',
    offline: D,
    sleep: D,
    ended: ENDED,
    outdated: OLD,
    close: IDLED,
  },
  waiting: {
    open: C,
    opened: '-',
    lost: '-',
    drain: '-',
    timer: C,
    change: '-',
    wake: C,
    fresh: C,
    offline: D,
    sleep: D,
    ended: ENDED,
    outdated: OLD,
    close: IDLED,
  },
  offline: {
    open: C,
    opened: '-',
    lost: '-',
    drain: '-',
    timer: '-',
    change: '-',
    wake: C,
    fresh: C,
    offline: D,
    sleep: D,
    ended: ENDED,
    outdated: OLD,
    close: IDLED,
  },
  ended: {
    open: C,
    opened: '-',
    lost: '-',
    drain: '-',
    timer: '-',
    change: '-',
    wake: '-',
    fresh: '-',
    offline: '-',
    sleep: '-',
    ended: '-',
    outdated: OLD,
    close: IDLED,
  },
  outdated: {
    open: OLD,
    opened: OLD,
    lost: OLD,
    drain: OLD,
    timer: OLD,
    change: OLD,
    wake: OLD,
    fresh: OLD,
    offline: OLD,
    sleep: OLD,
    ended: OLD,
    outdated: OLD,
    close: OLD,
  },
};

const typed = <T extends object>(value: T) => Object.entries(value) as [keyof T, T[keyof T]][];

for (const [name, row] of typed(TABLE)) {
  test.each(typed(row))(`${name} × %s → %s`, (event, expected) => {
    const before: ConnectionState = { name, failures: 0, was: false };
    const [after, effect] = connect(before, EVENTS[event]);
    if (expected === '-') expect([after, effect]).toEqual([before, null]);
    else expect([after.name, effect?.type].filter(Boolean).join(' ')).toBe(expected);
  });
}

test('waits are random parts of 0.5 s at first, then of 16 s and more up to 30 s, or what the server asks for', () => {
  let state: ConnectionState = { ...IDLE, name: 'connecting' };
  const waits: unknown[] = [];
  for (let n = 0; n < 8; n++) {
    const [lost, effect] = connect(state, { type: 'lost' });
    waits.push(effect?.type === 'wait' && [effect.minMs, effect.jitterMs]);
    [state] = connect(lost, { type: 'timer' });
  }
  expect(waits).toEqual(
    [500, 16_000, 24_000, 30_000, 30_000, 30_000, 30_000, 30_000].map((jitter) => [0, jitter]),
  );
  expect(connect(state, { type: 'lost', retryAfterMs: 7000 })[1]).toMatchObject({ minMs: 7000 });
  expect(connect({ ...IDLE, name: 'online' }, EVENTS.drain)[1]).toEqual({
    type: 'wait',
    minMs: 0,
    jitterMs: 9000,
  });
});

test('short interruptions stay invisible; longer ones are told', () => {
  let state = IDLE;
  const seen: string[] = [];
  const go = (...events: EventName[]) => {
    for (const event of events) [state] = connect(state, EVENTS[event]);
    seen.push(publicConnection(state));
  };
  go();
  go('open');
  go('opened');
  go('lost');
  go('timer', 'opened');
  go('lost', 'timer', 'lost');
  go('timer', 'opened');
  go('offline');
  go('wake');
  go('ended');
  expect(seen).toEqual([
    'idle',
    'connecting',
    'online',
    'online',
    'online',
    'reconnecting',
    'online',
    'offline',
    'online',
    'idle',
  ]);
});

test('on random walks a connection that is wanted is never left without a request, a timer or a reason', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...(Object.keys(EVENTS) as EventName[])), { maxLength: 60 }),
      (walk) => {
        let state = IDLE;
        let isRequested = false;
        let hasTimer = false;
        for (const name of walk) {
          const [next, effect] = connect(state, EVENTS[name]);
          if (effect) [isRequested, hasTimer] = [effect.type === 'connect', effect.type === 'wait'];
          state = next;
          expect(isRequested).toBe(state.name === 'connecting' || state.name === 'online');
          expect(hasTimer).toBe(state.name === 'waiting');
          if (state.name === 'online') expect(state).toMatchObject({ failures: 0, was: true });
        }
      },
    ),
  );
});
