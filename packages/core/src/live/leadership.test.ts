import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Leadership, type LeadershipEffect, type LeadershipEvent, lead, OFF } from './leadership.ts';

const EVENTS = {
  open: { type: 'open' },
  close: { type: 'close' },
  granted: { type: 'granted' },
  denied: { type: 'denied' },
  talk: { type: 'talk', isVisible: true },
  hiddenTalk: { type: 'talk', isVisible: false },
  asked: { type: 'asked' },
  timer: { type: 'timer' },
  visible: { type: 'visible' },
  hidden: { type: 'hidden' },
} satisfies Record<string, LeadershipEvent>;
type EventName = keyof typeof EVENTS;

const CLOSED = 'off: withdraw still';

/** Every state × every event: the next state and the effects. `-`: nothing changes. `asking`: an answer is awaited. */
const TABLE = {
  'off, visible': {
    open: 'following, asking: queue ask',
    close: '-',
    granted: '-',
    denied: '-',
    talk: '-',
    hiddenTalk: '-',
    asked: '-',
    timer: '-',
    visible: '-',
    hidden: 'off',
  },
  'off, hidden': {
    open: 'following: queue ask',
    close: '-',
    granted: '-',
    denied: '-',
    talk: '-',
    hiddenTalk: '-',
    asked: '-',
    timer: '-',
    visible: 'off',
    hidden: '-',
  },
  'following, visible': {
    open: '-',
    close: CLOSED,
    granted: 'leading: still switch tell',
    denied: 'bridging, asking: ask switch',
    talk: 'following: rest',
    hiddenTalk: 'following, asking: ask',
    asked: '-',
    timer: 'following, asking: ask',
    visible: 'following, asking: ask',
    hidden: 'following: still',
  },
  'following, visible, asking': {
    open: '-',
    close: CLOSED,
    granted: 'leading: still switch tell',
    denied: 'bridging, asking: ask switch',
    talk: 'following: rest',
    hiddenTalk: 'following, asking: ask',
    asked: '-',
    timer: 'bridging, asking: ask switch',
    visible: 'following, asking: ask',
    hidden: 'following: still',
  },
  'following, hidden': {
    open: '-',
    close: CLOSED,
    granted: 'leading: still switch tell',
    denied: 'bridging: ask switch',
    talk: 'following: still',
    hiddenTalk: 'following: still',
    asked: 'aside: withdraw pause',
    timer: 'following: ask',
    visible: 'following, asking: ask',
    hidden: 'following: still',
  },
  'leading, visible': {
    open: '-',
    close: CLOSED,
    granted: '-',
    denied: 'bridging, asking: ask',
    talk: '-',
    hiddenTalk: '-',
    asked: 'leading: tell',
    timer: '-',
    visible: 'leading: tell',
    hidden: 'leading: tell',
  },
  'leading, hidden': {
    open: '-',
    close: CLOSED,
    granted: '-',
    denied: 'bridging: ask',
    talk: '-',
    hiddenTalk: '-',
    asked: 'aside: withdraw switch pause',
    timer: '-',
    visible: 'leading: tell',
    hidden: 'leading: tell',
  },
  'bridging, visible, asking': {
    open: '-',
    close: CLOSED,
    granted: 'leading: still tell',
    denied: '-',
    talk: 'following: switch rest',
    hiddenTalk: 'bridging, asking: ask',
    asked: '-',
    timer: 'bridging, asking: ask',
    visible: 'bridging, asking: ask',
    hidden: 'bridging: still',
  },
  'bridging, hidden': {
    open: '-',
    close: CLOSED,
    granted: 'leading: still tell',
    denied: '-',
    talk: 'following: switch still',
    hiddenTalk: 'following: switch still',
    asked: '-',
    timer: 'bridging: ask',
    visible: 'bridging, asking: ask',
    hidden: 'bridging: still',
  },
  'aside, hidden': {
    open: '-',
    close: CLOSED,
    granted: '-',
    denied: '-',
    talk: '-',
    hiddenTalk: '-',
    asked: 'aside: pause',
    timer: 'following: queue still',
    visible: 'following, asking: queue ask',
    hidden: '-',
  },
} satisfies Record<string, Record<EventName, string>>;

const NAMES = ['off', 'following', 'leading', 'bridging', 'aside'] as const;
const toState = (words: string): Leadership => ({
  name: NAMES.find((name) => words.startsWith(name)) ?? 'off',
  isVisible: words.includes('visible'),
  isAsking: words.includes('asking'),
});

for (const [words, row] of Object.entries(TABLE)) {
  test.each(Object.entries(row))(`${words} × %s → %s`, (event, expected) => {
    const before = toState(words);
    const [after, effects] = lead(before, EVENTS[event as EventName]);
    if (expected === '-') return expect([after, effects]).toEqual([before, []]);
    const told = effects.length > 0 ? `: ${effects.join(' ')}` : '';
    expect(`${after.name}${after.isAsking ? ', asking' : ''}${told}`).toBe(expected);
    expect(after.isVisible).toBe(event === 'visible' || (before.isVisible && event !== 'hidden'));
  });
}

interface Tab {
  state: Leadership;
  /** What waits for it: news and timers, in order. It is not heard while the tab is frozen. */
  inbox: LeadershipEvent[];
  isFrozen: boolean;
  hasTimer: boolean;
  hasStream: boolean;
}

/** Tabs around the machine, with the lock's queue as the browser has it. */
const createTabs = (count: number) => {
  const tabs: Tab[] = Array.from({ length: count }, () => ({
    state: OFF,
    inbox: [],
    isFrozen: false,
    hasTimer: false,
    hasStream: false,
  }));
  let queue: Tab[] = [];

  const leave = (tab: Tab) => {
    const isHolder = queue[0] === tab;
    queue = queue.filter((other) => other !== tab);
    if (isHolder) queue[0]?.inbox.push(EVENTS.granted);
  };
  const post = (from: Tab, event: LeadershipEvent) => {
    for (const tab of tabs) if (tab !== from && tab.state.name !== 'off') tab.inbox.push(event);
  };
  const run = (tab: Tab, effect: LeadershipEffect) => {
    const { isVisible } = tab.state;
    if (effect === 'queue' && queue.push(tab) === 1) tab.inbox.push(EVENTS.granted);
    if (effect === 'withdraw') {
      leave(tab);
      tab.inbox = tab.inbox.filter(({ type }) => type !== 'granted');
    }
    if (['still', 'rest', 'pause', 'ask'].includes(effect)) tab.hasTimer = effect !== 'still' && isVisible;
    if (effect === 'pause') tab.hasTimer = true;
    if (effect === 'tell') post(tab, { type: 'talk', isVisible });
    if (effect === 'ask' && isVisible) post(tab, EVENTS.asked);
    if (effect === 'ask' && !isVisible) {
      const leader = tabs.find(({ state }) => state.name === 'leading');
      if (leader && !leader.isFrozen) tab.inbox.push({ type: 'talk', isVisible: leader.state.isVisible });
    }
  };
  const dispatch = (tab: Tab, event: LeadershipEvent) => {
    const [next, effects] = lead(tab.state, event);
    tab.state = next;
    for (const effect of effects) run(tab, effect);
    tab.hasStream = next.name === 'leading' || next.name === 'bridging';
    // By the lock there is one leader at most.
    expect(tabs.filter(({ state }) => state.name === 'leading').length).toBeLessThanOrEqual(1);
  };
  const steps: Record<string, (tab: Tab) => void> = {
    open: (tab) => dispatch(tab, EVENTS.open),
    close: (tab) => dispatch(tab, EVENTS.close),
    visible: (tab) => dispatch(tab, EVENTS.visible),
    hidden: (tab) => dispatch(tab, EVENTS.hidden),
    freeze: (tab) => {
      tab.isFrozen = true;
    },
    thaw: (tab) => {
      tab.isFrozen = false;
    },
    crash: (tab) => {
      tab.state = { ...OFF, isVisible: tab.state.isVisible };
      tab.inbox = [];
      tab.hasTimer = tab.hasStream = false;
      leave(tab);
    },
    hear: (tab) => {
      const event = tab.inbox.shift();
      if (event) dispatch(tab, event);
    },
    time: (tab) => {
      if (!tab.hasTimer || tab.inbox.length > 0) return;
      tab.hasTimer = false;
      dispatch(tab, EVENTS.timer);
    },
  };
  const step = (name: string, tab: Tab | undefined) => {
    if (tab && (!tab.isFrozen || ['thaw', 'crash'].includes(name))) steps[name]?.(tab);
  };
  const hearAll = () => {
    for (let n = 0; n < 500 && tabs.some((tab) => !tab.isFrozen && tab.inbox.length > 0); n++)
      for (const tab of tabs) step('hear', tab);
  };
  /** Timers run a few times over; all that is said is heard before the next. */
  const settle = () => {
    hearAll();
    for (let round = 0; round < 6; round++) {
      for (const tab of tabs) {
        step('time', tab);
        hearAll();
      }
    }
  };
  return { tabs, step, settle };
};

test('whatever tabs do, a visible one is served, by a stream of its own or by a leader that lives; at rest there is one stream', () => {
  const names = [
    'open',
    'open',
    'close',
    'visible',
    'hidden',
    'freeze',
    'thaw',
    'crash',
    'hear',
    'hear',
    'hear',
    'time',
  ];
  const walk = fc.array(fc.record({ name: fc.constantFrom(...names), tab: fc.nat(2) }), { maxLength: 60 });
  fc.assert(
    fc.property(walk, (moves) => {
      const { tabs, step, settle } = createTabs(3);
      for (const { name, tab } of moves) step(name, tabs[tab]);
      settle();
      const leader = tabs.find(({ state }) => state.name === 'leading');
      for (const { state, isFrozen, hasStream } of tabs) {
        if (state.name === 'off' || isFrozen || !state.isVisible) continue;
        expect(hasStream || leader?.isFrozen === false).toBe(true);
      }
      for (const tab of tabs) step('thaw', tab);
      settle();
      const open = tabs.filter(({ state }) => state.name !== 'off');
      expect(open.filter(({ hasStream }) => hasStream).length).toBeLessThanOrEqual(1);
      if (open.some(({ state }) => state.isVisible))
        expect(open.find(({ hasStream }) => hasStream)?.state).toMatchObject({
          name: 'leading',
          isVisible: true,
        });
    }),
    { numRuns: 1000 },
  );
});
