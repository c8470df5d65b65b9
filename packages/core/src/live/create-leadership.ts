import type { Tabs } from '../environment/tabs.ts';
import { createTimer } from '../environment/timer.ts';
import { type LeadershipEffect, type LeadershipEvent, lead, OFF } from './leadership.ts';

/** A page that runs answers in milliseconds, also in the background. */
const ANSWER_MS = 2000;
/** How often a visible tab makes sure that the leader is there. */
const REST_MS = 5000;
/** Long enough for a visible tab to get the lock. */
const PAUSE_MS = 3000;

export interface LeadershipOptions {
  tabs: Tabs | undefined;
  /** The lock's name. */
  name: string;
  /** What the machine wants to be done beyond locks and time. */
  perform(effect: 'ask' | 'tell' | 'switch'): void;
  onChange(): void;
}

/** Runs the {@link lead} machine against locks and a clock. Without other tabs nothing ever happens: nobody follows. */
export const createLeadership = ({ tabs, name, perform, onChange }: LeadershipOptions) => {
  let state = OFF;
  const timer = createTimer();
  /** In the queue, or the lock itself, until it is aborted. */
  let place: AbortController | undefined;

  const dispatch = (event: LeadershipEvent) => {
    if (!tabs) return;
    const [next, effects] = lead(state, event);
    state = next;
    for (const effect of effects) run(effect);
    onChange();
  };

  const queue = async () => {
    place = new AbortController();
    const { signal } = place;
    const hold = () =>
      new Promise<void>((release) => {
        signal.addEventListener('abort', () => release());
        if (signal.aborted) release();
        else dispatch({ type: 'granted' });
      });
    try {
      await tabs?.lock(name, hold, signal);
    } catch {
      if (!signal.aborted) dispatch({ type: 'denied' });
    }
  };

  const run = (effect: LeadershipEffect) => {
    const time = (ms: number) => timer(() => dispatch({ type: 'timer' }), ms);
    if (effect === 'queue') void queue();
    else if (effect === 'withdraw') place?.abort();
    else if (effect === 'still') timer();
    else if (effect === 'rest') time(REST_MS);
    else if (effect === 'pause') time(PAUSE_MS);
    else perform(effect);
    // Only a visible tab needs an answer.
    if (effect === 'ask' && state.isVisible) time(ANSWER_MS);
  };

  return {
    dispatch,
    isOff: () => state.name === 'off',
    isLeading: () => state.name === 'leading',
    isFollowing: () => state.name === 'following' || state.name === 'aside',
  };
};
