/**
 * Which tab has the live stream. One leads: it holds a lock, has the stream, and tells the others all that comes.
 *
 *          open                granted
 *   off ─────────▶ following ───────────▶ leading ──(hidden, and a visible tab asks)──▶ aside
 *                   │  ▲  ▲                  ▲                                            │
 *            silent │  │  └──────────────────┼──────────────(a moment later)──────────────┘
 *                   ▼  │ talk                │ granted
 *                  bridging ─────────────────┘
 *
 *   following: waits for the lock and hears the leader. A visible tab asks whether it is still there.
 *   bridging: the leader holds the lock and is silent, as frozen pages are: this tab has a stream of its own meanwhile.
 *   aside: hidden, and out of the lock's queue for a moment, so that the visible tab gets it and no other.
 */
export interface Leadership {
  name: 'off' | 'following' | 'leading' | 'bridging' | 'aside';
  /** A person can see this tab. */
  isVisible: boolean;
  /** This tab asked, and nothing came since. */
  isAsking: boolean;
}

export type LeadershipEvent =
  /** A stream is wanted here. */
  | { type: 'open' }
  /** None is wanted: the page is put away, the session is over, there is no network. */
  | { type: 'close' }
  /** The lock is held here. */
  | { type: 'granted' }
  /** There are no locks to be had here, or it was taken away. */
  | { type: 'denied' }
  /** The leader said something. `isVisible`: as it says of itself. */
  | { type: 'talk'; isVisible: boolean }
  /** A visible tab asks the leader. */
  | { type: 'asked' }
  | { type: 'timer' }
  | { type: 'visible' }
  | { type: 'hidden' };

export type LeadershipEffect =
  /** Wait for the lock, behind all that wait. */
  | 'queue'
  /** Leave the queue, or let go of the lock. */
  | 'withdraw'
  /** Ask the leader to say something, and to let go if it is hidden; `timer` when the answer is overdue. */
  | 'ask'
  /** `timer` when it is time to ask again. */
  | 'rest'
  /** `timer` when it is time to come back. */
  | 'pause'
  /** No `timer`. */
  | 'still'
  /** Say that this tab leads, and what it knows. */
  | 'tell'
  /** Read on from elsewhere: from a stream of its own, or from the leader. */
  | 'switch';

export const OFF: Leadership = { name: 'off', isVisible: true, isAsking: false };

type Step = [Leadership, LeadershipEffect[]];

/** State and event → next state and what to do. Unexpected events change nothing. */
export const lead = (state: Leadership, event: LeadershipEvent): Step => {
  const { name } = state;
  const isVisible = event.type === 'visible' || (state.isVisible && event.type !== 'hidden');
  const go = (next: Leadership['name'], ...effects: LeadershipEffect[]): Step => [
    { name: next, isVisible, isAsking: effects.includes('ask') && isVisible },
    effects,
  ];
  /** The leader is there. A visible tab has better use for the stream than a hidden one. */
  const hear = (talker: { isVisible: boolean }, ...effects: LeadershipEffect[]): Step => {
    if (!isVisible) return go('following', ...effects, 'still');
    return talker.isVisible ? go('following', ...effects, 'rest') : go(name, 'ask');
  };

  if (event.type === 'close') return name === 'off' ? [state, []] : go('off', 'withdraw', 'still');
  switch (name) {
    case 'off':
      if (event.type === 'open') return go('following', 'queue', 'ask');
      return isVisible === state.isVisible ? [state, []] : go('off');
    case 'following':
      if (event.type === 'granted') return go('leading', 'still', 'switch', 'tell');
      if (event.type === 'denied') return go('bridging', 'ask', 'switch');
      if (event.type === 'talk') return hear(event);
      if (event.type === 'timer') return state.isAsking ? go('bridging', 'ask', 'switch') : go(name, 'ask');
      if (event.type === 'asked' && !isVisible) return go('aside', 'withdraw', 'pause');
      if (event.type === 'visible') return go(name, 'ask');
      return event.type === 'hidden' ? go(name, 'still') : [state, []];
    case 'leading':
      if (event.type === 'asked' && !isVisible) return go('aside', 'withdraw', 'switch', 'pause');
      if (event.type === 'denied') return go('bridging', 'ask');
      return ['asked', 'visible', 'hidden'].includes(event.type) ? go(name, 'tell') : [state, []];
    case 'bridging':
      if (event.type === 'granted') return go('leading', 'still', 'tell');
      if (event.type === 'talk') return hear(event, 'switch');
      if (event.type === 'timer' || event.type === 'visible') return go(name, 'ask');
      return event.type === 'hidden' ? go(name, 'still') : [state, []];
    case 'aside':
      if (event.type === 'asked') return go(name, 'pause');
      if (event.type === 'timer') return go('following', 'queue', 'still');
      return event.type === 'visible' ? go('following', 'queue', 'ask') : [state, []];
  }
};
