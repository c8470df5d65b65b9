import {
  type Api,
  type ConnectionEffect,
  type ConnectionEvent,
  ContinuoError,
  connect,
  createSseParser,
  type Environment,
  IDLE,
  type PageNews,
  type PublicConnection,
  publicConnection,
} from '@continuo/core/conversation';
import type { InboxSignal } from '@continuo/protocol';

export interface SignalsOptions {
  api: Api;
  environment: Pick<Environment, 'now' | 'random' | 'page'>;
  onSignal(signal: InboxSignal): void;
  /** Connected, for the first time or again: whatever was read before may be old. */
  onOnline(): void;
  onState(state: PublicConnection): void;
  /** The agent is signed in no longer. */
  onEnded(): void;
}

/** 2.5 heartbeats without a sign of life (protocol, `LIMITS.heartbeatSeconds`: 20). */
const SILENCE_MS = 50_000;
/** Somewhat more than a heartbeat: a stream heard from since then is alive. */
const FRESH_MS = 25_000;
/** Customers wait longer, so that thousands do not come back at once; agents are few, and away until they are back. */
const LONGEST_JITTER_MS = 3000;

/** Reads one response until it ends. `onAlive` hears of every sign of life. */
const readSignals = async (
  response: Response,
  onAlive: () => void,
  onSignal: (signal: InboxSignal) => void,
): Promise<void> => {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const parse = createSseParser((event, data) => {
    if (event === 'signal') onSignal(JSON.parse(data));
  });
  onAlive();
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return;
    onAlive();
    parse(decoder.decode(piece.value, { stream: true }));
  }
};

const eventOf = (news: PageNews, isFresh: boolean): ConnectionEvent | null => {
  switch (news) {
    case 'offline':
    case 'sleep':
      return { type: news };
    case 'online':
      return { type: 'wake', fresh: false };
    case 'visible':
      return { type: 'wake', fresh: isFresh };
    case 'hidden':
      return null;
  }
};

const soonEnough = (effect: ConnectionEffect): ConnectionEffect =>
  effect.type === 'wait' ? { ...effect, jitterMs: Math.min(effect.jitterMs, LONGEST_JITTER_MS) } : effect;

const failureOf = (cause: unknown): ConnectionEvent => {
  const { code, problem } = cause instanceof ContinuoError ? cause : new ContinuoError('network', { cause });
  if (code === 'version_unsupported') return { type: 'outdated' };
  if (code === 'unauthorized' || code === 'session_ended') return { type: 'ended' };
  return { type: 'lost', retryAfterMs: (problem?.retryAfter ?? 0) * 1000 };
};

/** Follows the inbox's signals (`GET /v1/inbox/signals`), with core's connection machine, until the returned function is called. */
export const followSignals = (options: SignalsOptions): (() => void) => {
  const { now, random, page } = options.environment;
  let state = IDLE;
  let attempt: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardAt = 0;

  const after = (ms: number, event: ConnectionEvent) => {
    clearTimeout(timer);
    timer = setTimeout(dispatch, ms, event);
  };
  const dispatch = (event: ConnectionEvent) => {
    const before = state.name;
    const [next, effect] = connect(state, event);
    state = next;
    if (effect) run(event.type === 'lost' ? soonEnough(effect) : effect);
    options.onState(publicConnection(state));
    if (state.name === before) return;
    if (state.name === 'online') options.onOnline();
    if (state.name === 'ended') options.onEnded();
  };

  const run = (effect: ConnectionEffect) => {
    attempt?.abort();
    clearTimeout(timer);
    if (effect.type === 'connect') void read();
    if (effect.type === 'wait') after(effect.minMs + random() * effect.jitterMs, { type: 'timer' });
  };

  const onAlive = () => {
    heardAt = now();
    after(SILENCE_MS, { type: 'lost' });
    if (state.name === 'connecting') dispatch({ type: 'opened' });
  };

  const hear = (signal: InboxSignal) => {
    if (signal.type === 'drain' || signal.type === 'ended') dispatch(signal);
    else options.onSignal(signal);
  };

  const read = async () => {
    attempt = new AbortController();
    const { signal } = attempt;
    try {
      const response = await options.api.stream('/v1/inbox/signals', { signal, timeout: false });
      await readSignals(response, onAlive, hear);
      if (!signal.aborted) dispatch({ type: 'lost' });
    } catch (cause) {
      if (!signal.aborted) dispatch(failureOf(cause));
    }
  };

  const stopListening = page.listen((news) => {
    const event = eventOf(news, now() - heardAt < FRESH_MS);
    if (event) dispatch(event);
  });
  dispatch({ type: 'open' });
  return () => {
    stopListening();
    dispatch({ type: 'close' });
  };
};
