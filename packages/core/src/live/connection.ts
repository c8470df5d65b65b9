import { reconnectWithin } from './backoff.ts';

/**
 * One live connection:
 *
 *   idle ──open──▶ connecting ──opened──▶ online
 *                   ▲      │ lost           │ lost, drain
 *       timer, wake │      ▼                ▼
 *                   └──── waiting ◀─────────┘
 *
 *   Where another tab takes the stream over, or gives it away: switch, from connecting and online to connecting.
 *   offline: there is no network, or the page is put away; nothing is tried until `wake`.
 *   ended: not allowed in; until `open`.  outdated: for good.
 */
export interface ConnectionState {
  name: 'idle' | 'connecting' | 'online' | 'waiting' | 'offline' | 'ended' | 'outdated';
  /** Failures in a row. */
  failures: number;
  /** It was online since `open`. */
  was: boolean;
}

export type ConnectionEvent =
  | { type: 'open' }
  | { type: 'opened' }
  /** It broke or could not be made. `retryAfterMs`: the server asked for that much patience. */
  | { type: 'lost'; retryAfterMs?: number }
  /** The server is about to stop. */
  | { type: 'drain'; withinMs: number }
  | { type: 'timer' }
  /** Another tab has the stream now, or this one has. */
  | { type: 'switch' }
  /** The network or the page is back. `fresh`: the stream was heard from a moment ago. */
  | { type: 'wake'; fresh: boolean }
  | { type: 'offline' }
  | { type: 'sleep' }
  | { type: 'ended' }
  | { type: 'outdated' }
  | { type: 'close' };

/** Each ends what was before: the open request and the timer. */
export type ConnectionEffect =
  | { type: 'connect' }
  | { type: 'disconnect' }
  /** Disconnect, then `timer` after `minMs` + a random part of `jitterMs`. */
  | { type: 'wait'; minMs: number; jitterMs: number };

/** What people are told. `offline`: the platform says that there is no network. `outdated`: the page must be reloaded. */
export type PublicConnection = 'idle' | 'connecting' | 'online' | 'reconnecting' | 'offline' | 'outdated';

export const IDLE: ConnectionState = { name: 'idle', failures: 0, was: false };

type Step = [ConnectionState, ConnectionEffect | null];

/** State and event → next state and what to do. Unexpected events change nothing. */
export const connect = (state: ConnectionState, event: ConnectionEvent): Step => {
  const { name, failures } = state;
  const { type } = event;
  const go = (next: ConnectionState['name'], effect: 'connect' | 'disconnect' = 'disconnect'): Step => [
    { ...state, name: next },
    { type: effect },
  ];
  const wait = (next: number, minMs: number, jitterMs: number): Step => [
    { ...state, name: 'waiting', failures: next },
    { type: 'wait', minMs, jitterMs },
  ];
  const isLive = name === 'connecting' || name === 'online';

  if (name === 'outdated' || type === 'outdated') return go('outdated');
  if (type === 'close') return [IDLE, { type: 'disconnect' }];
  if (type === 'open' && !isLive) return [{ ...IDLE, name: 'connecting' }, { type: 'connect' }];
  if (name === 'idle' || name === 'ended') return [state, null];
  if (type === 'ended') return go(type);
  if (type === 'offline' || type === 'sleep') return go('offline');
  if (type === 'timer' && name === 'waiting') return go('connecting', 'connect');
  if (type === 'switch' && isLive) return go('connecting', 'connect');
  if (type === 'wake' && name !== 'connecting' && !(name === 'online' && event.fresh)) {
    return go('connecting', 'connect');
  }
  if (type === 'opened' && name === 'connecting') return [{ name: 'online', failures: 0, was: true }, null];
  if (type === 'drain' && name === 'online') return wait(failures, 0, event.withinMs);
  if (type === 'lost' && isLive)
    return wait(failures + 1, event.retryAfterMs ?? 0, reconnectWithin(failures + 1));
  return [state, null];
};

/** Many inner states are few words. A connection that was lost a moment ago still counts as online. */
export const publicConnection = ({ name, failures, was }: ConnectionState): PublicConnection => {
  if (name === 'ended') return 'idle';
  if (name !== 'connecting' && name !== 'waiting') return name;
  return failures > Number(was) ? 'reconnecting' : was ? 'online' : 'connecting';
};
