import type { Environment } from '../environment/environment.ts';
import { createTimer } from '../environment/timer.ts';
import { ContinuoError } from '../errors.ts';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  connect,
  IDLE,
  type PublicConnection,
  publicConnection,
} from './connection.ts';

/** A server sends something at once. If nothing comes, a proxy on the way keeps it back: long-poll instead. */
const FIRST_BYTE_MS = 5000;
/** 2.5 heartbeats (protocol, LIMITS.heartbeatSeconds: 20). */
const SILENCE_MS = 50_000;
/** Somewhat more than a heartbeat: a stream heard from since then is alive. */
const FRESH_MS = 25_000;

const OVER = ['session_ended', 'unauthorized', 'forbidden', 'not_found'];

/** One attempt to read on. */
export interface Attempt {
  signal: AbortSignal;
  /** Something arrived. */
  onAlive(): void;
  /** Read by long-polling: streams do not get through. */
  isPolling: boolean;
}

export interface LiveOptions extends Pick<Environment, 'now' | 'random'> {
  /** Another tab has the stream, and its silence is no sign of anything here. @default never */
  isFollowing?(): boolean;
  /** Reads what is there before the stream goes on from it. */
  load(signal: AbortSignal): Promise<void>;
  /** Reads on until the stream ends; false where this platform cannot stream. */
  read(attempt: Attempt): Promise<boolean>;
  onState(state: PublicConnection): void;
  /** Another inner state began: `online`: the stream runs (again); `ended`: the server will not let this reader read on. */
  onEnter(name: ConnectionState['name']): void;
}

const toEvent = (cause: unknown): ConnectionEvent => {
  const { code, retryAfter } = cause instanceof ContinuoError ? cause : new ContinuoError('network');
  if (code === 'version_unsupported') return { type: 'outdated' };
  return OVER.includes(code) ? { type: 'ended' } : { type: 'lost', retryAfterMs: retryAfter * 1000 };
};

/** The {@link connect} machine; `run` is told each effect. */
const createConnection = (options: LiveOptions, run: (effect: ConnectionEffect) => void) => {
  let state = IDLE;
  let isStopped = false;
  const dispatch = (event: ConnectionEvent) => {
    if (isStopped) return;
    const before = state.name;
    const [next, effect] = connect(state, event);
    state = next;
    if (effect) run(effect);
    options.onState(publicConnection(state));
    if (state.name !== before) options.onEnter(state.name);
  };
  const stop = () => {
    dispatch({ type: 'close' });
    isStopped = true;
  };
  return { dispatch, stop, isConnecting: () => state.name === 'connecting' };
};

/** Runs the {@link connect} machine against a server and a clock. */
export const createLive = (options: LiveOptions) => {
  const { now, random, isFollowing = () => false } = options;
  let attempt: AbortController | undefined;
  const timer = createTimer();
  let heardAt = 0;
  let isPolling = false;
  /** What was there is loaded, and reading on has begun. */
  let isReading = false;

  const run = (effect: ConnectionEffect) => {
    attempt?.abort();
    timer();
    isReading = false;
    if (effect.type === 'connect') void read();
    if (effect.type === 'wait') timer(wakeUp, effect.minMs + random() * effect.jitterMs);
  };
  const { dispatch, stop, isConnecting } = createConnection(options, run);
  const wakeUp = () => dispatch({ type: 'timer' });
  const lose = () => dispatch({ type: 'lost' });

  const onAlive = () => {
    heardAt = now();
    timer(isFollowing() ? undefined : lose, SILENCE_MS);
    if (isConnecting()) dispatch({ type: 'opened' });
  };

  const pollInstead = () => {
    isPolling = true;
    run({ type: 'connect' });
  };

  const read = async () => {
    attempt = new AbortController();
    const { signal } = attempt;
    try {
      await options.load(signal);
      if (signal.aborted) return;
      isReading = true;
      if (!isPolling && !isFollowing()) timer(pollInstead, FIRST_BYTE_MS);
      const isOver = await options.read({ signal, onAlive, isPolling });
      if (!signal.aborted) (isOver ? lose : pollInstead)();
    } catch (cause) {
      if (signal.aborted) return;
      // Where polling does not work either, the network is at fault and streaming gets its next chance.
      if (isConnecting()) isPolling = false;
      dispatch(toEvent(cause));
    }
  };

  return {
    dispatch,
    stop,
    /** The page or the network is back: reconnect, unless the stream was heard from a moment ago and the network is the same. */
    wake: (isSame: boolean) => {
      const fresh = isSame && (isFollowing() || now() - heardAt < FRESH_MS);
      // Another network may let streams through.
      if (!fresh) isPolling = false;
      dispatch({ type: 'wake', fresh });
    },
    /** The stream comes from elsewhere from now on. */
    change: () => {
      if (isReading) dispatch({ type: 'switch' });
    },
    /** Aborted when the present connection ends. */
    signal: () => attempt?.signal,
  };
};
