import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_OUTBOX, type Hold, type OutboxEntry, type OutboxEvent, outbox, toPending } from './outbox.ts';

const entry = (clientId: string, at: number): OutboxEntry => ({
  clientId,
  text: clientId,
  at,
  state: 'waiting',
  error: null,
  hold: null,
});
const hold = (at: number): Hold => ({ failures: 1, at, until: at + 5, isAsked: false });

/**
 * Two tabs, their storage, a server and a log around the machine; every step of the walk is one thing that can happen.
 * The lock is left out: even where both tabs take a turn at once, order and number have to hold.
 */
const run = (walk: readonly { step: string; tab: number; pick: number }[]) => {
  const tabs = [EMPTY_OUTBOX, EMPTY_OUTBOX];
  const inFlight: (OutboxEntry | null)[] = [null, null];
  const stored = new Map<string, OutboxEntry>();
  const discarded = new Set<string>();
  const failedOnce = new Set<string>();
  const log: string[] = [];
  let written = 0;
  let now = 1;

  const dispatch = (tab: number, event: OutboxEvent) => {
    const [next, effects] = outbox(tabs[tab] ?? EMPTY_OUTBOX, event);
    tabs[tab] = next;
    for (const effect of effects) {
      if (effect.type === 'pause') continue;
      const { type, entry } = effect;
      if (type === 'write' || type === 'save') stored.set(entry.clientId, entry);
      if (type === 'drop') stored.delete(entry.clientId);
      if (type === 'send') {
        expect(stored.has(entry.clientId)).toBe(true);
        expect(inFlight[tab]).toBeNull();
        inFlight[tab] = entry;
      }
    }
    expect(toPending(next).filter(({ state }) => state === 'sending').length).toBeLessThanOrEqual(2);
    expect(new Set(next.entries.map(({ clientId }) => clientId)).size).toBe(next.entries.length);
  };
  const sync = (tab: number) => dispatch(tab, { type: 'synced', entries: [...stored.values()] });
  const accept = (id: string) => {
    if (!log.includes(id)) log.push(id);
  };
  /** What is asked for is over; what it was about. */
  const land = (tab: number) => {
    const entry = inFlight[tab];
    inFlight[tab] = null;
    return entry?.clientId;
  };
  const steps: Record<string, (tab: number, pick: number) => void> = {
    write: (tab) => {
      written += 1;
      now += 1;
      dispatch(tab, { type: 'add', entry: entry(`m${written}`, now) });
    },
    turn: (tab) => {
      now += 1;
      if (inFlight[tab]) return;
      sync(tab);
      dispatch(tab, { type: 'confirmed', clientIds: log });
      dispatch(tab, { type: 'turn', now, wokenAt: now });
    },
    sync,
    echo: (tab) => dispatch(tab, { type: 'confirmed', clientIds: log }),
    elsewhere: (tab) => dispatch(tab, { type: 'elsewhere', clientId: tabs[1 - tab]?.sending ?? null }),
    retry: (tab, pick) => {
      const all = tabs[tab]?.entries.filter(({ state }) => state === 'failed') ?? [];
      const one = all[pick % all.length];
      if (one) dispatch(tab, { type: 'retry', clientId: one.clientId });
    },
    discard: (tab, pick) => {
      const all = tabs[tab]?.entries ?? [];
      const one = all[pick % all.length];
      if (!one || !stored.has(one.clientId)) return;
      dispatch(tab, { type: 'discard', clientId: one.clientId });
      if (!stored.has(one.clientId)) discarded.add(one.clientId);
    },
    answer: (tab) => {
      const id = land(tab);
      if (!id) return;
      accept(id);
      dispatch(tab, { type: 'confirmed', clientIds: [id] });
    },
    lostAnswer: (tab) => {
      const id = land(tab);
      if (!id) return;
      accept(id);
      dispatch(tab, { type: 'deferred', clientId: id, hold: hold(now) });
    },
    lostRequest: (tab) => {
      const id = land(tab);
      if (id) dispatch(tab, { type: 'deferred', clientId: id, hold: hold(now) });
    },
    refuse: (tab) => {
      const id = inFlight[tab]?.clientId;
      if (!id || log.includes(id)) return;
      land(tab);
      failedOnce.add(id);
      dispatch(tab, { type: 'refused', clientId: id, error: 'too_large' });
    },
    crash: (tab) => {
      tabs[tab] = EMPTY_OUTBOX;
      inFlight[tab] = null;
      sync(tab);
    },
  };
  for (const { step, tab, pick } of walk) steps[step]?.(tab, pick);
  // All heals: what failed is retried, everything is answered.
  for (let n = 0; n < 400 && (stored.size > 0 || inFlight.some(Boolean)); n++) {
    const tab = n % 2;
    steps.answer?.(tab, 0);
    steps.sync?.(tab, 0);
    steps.retry?.(tab, 0);
    steps.turn?.(tab, 0);
  }
  return { stored, log, discarded, failedOnce, written };
};

test('under any interleaving of two tabs, answers, failures, crashes and people: nothing is lost, doubled or reordered', () => {
  const names = [
    'write',
    'write',
    'turn',
    'turn',
    'sync',
    'echo',
    'elsewhere',
    'retry',
    'discard',
    'answer',
    'lostAnswer',
    'lostRequest',
    'refuse',
    'crash',
  ];
  const walk = fc.array(fc.record({ step: fc.constantFrom(...names), tab: fc.nat(1), pick: fc.nat(20) }), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(walk, (steps) => {
      const { stored, log, discarded, failedOnce, written } = run(steps);
      expect([...stored.keys()]).toEqual([]);
      expect(new Set(log).size).toBe(log.length);
      for (let n = 1; n <= written; n++) {
        if (!discarded.has(`m${n}`)) expect(log).toContain(`m${n}`);
      }
      const inOrder = log.filter((id) => !failedOnce.has(id)).map((id) => Number(id.slice(1)));
      expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});
