import type { Logger } from 'pino';
import { ContinuoError } from '../errors.ts';
import type { Right } from '../live/right.ts';

/** How often open streams' sessions are read again. Half of the second that a revoked session may live. */
const CHECK_MS = 500;
/** Streams that one session may hold open: more tabs than anyone has, and little memory for one that means harm. */
const MAX_OPEN = 64;
/** Seconds after which one that found too many tries again. */
const RETRY_SECONDS = 10;
/** How often an open stream counts as use of its session. */
const TOUCH_MS = 3_600_000;

/** Ends what is open on a session, of a customer's device or of an agent, when the session ends. */
export interface SessionWatch {
  /**
   * Watches the right of one open stream: it ends when the session ends, however it ends and whichever process ended it.
   * @throws ContinuoError `rate_limited` when 64 are open already
   */
  add(sessionId: string): Right;
  /** Ends everything open on it now: for a revocation by this process. */
  end(sessionId: string): void;
  readonly size: number;
}

export interface SessionWatchDeps {
  /** Epoch milliseconds. */
  now: () => number;
  log: Logger;
  /** Which of these sessions still live. */
  liveOf: (sessionIds: string[]) => Promise<ReadonlySet<string>>;
  /** Notes that these sessions are in use. @default use is not noted */
  touch?: (sessionIds: string[]) => Promise<void>;
}

/** What is open on one session. */
interface Entry {
  open: Watched[];
  /** When its use was noted last (epoch ms). */
  touchedAt: number;
}

/** One of thousands: a class, because it costs less memory than an object with functions of its own. */
class Watched implements Right {
  ended = false;
  readonly #release: (watched: Watched) => void;
  #then: (() => void) | null = null;
  readonly sessionId: string;

  constructor(sessionId: string, release: (watched: Watched) => void) {
    this.sessionId = sessionId;
    this.#release = release;
  }

  onEnd(then: () => void): void {
    if (this.ended) then();
    else this.#then = then;
  }

  end(): void {
    this.ended = true;
    this.#then?.();
  }

  release(): void {
    this.#then = null;
    this.#release(this);
  }
}

/** Runs `work` every `CHECK_MS`, one after the other, for as long as it returns true. */
const createTicker = (work: () => Promise<boolean>): { start: () => void } => {
  let running = false;
  const schedule = (): void => {
    setTimeout(async () => {
      running = await work();
      if (running) schedule();
    }, CHECK_MS).unref();
  };
  return {
    start() {
      if (running) return;
      running = true;
      schedule();
    },
  };
};

/**
 * One timer for all open streams: every 500 ms it reads which of their sessions still live, so that a revocation by
 * another process on the same database closes a stream within a second. It runs only while a stream is open.
 */
export const createSessionWatch = (deps: SessionWatchDeps): SessionWatch => {
  const watched = new Map<string, Entry>();

  const end = (sessionId: string): void => {
    const entry = watched.get(sessionId);
    watched.delete(sessionId);
    for (const one of entry?.open.slice() ?? []) one.end();
  };

  const release = (one: Watched): void => {
    const entry = watched.get(one.sessionId);
    const place = entry?.open.indexOf(one) ?? -1;
    if (!entry || place < 0) return;
    entry.open.splice(place, 1);
    if (entry.open.length === 0) watched.delete(one.sessionId);
  };

  const touchLongOpen = async (): Promise<void> => {
    if (!deps.touch) return;
    const now = deps.now();
    const due = [...watched].filter(([, entry]) => now - entry.touchedAt >= TOUCH_MS);
    for (const [, entry] of due) entry.touchedAt = now;
    if (due.length > 0) await deps.touch(due.map(([id]) => id));
  };

  const check = async (): Promise<boolean> => {
    try {
      const ids = [...watched.keys()];
      const live = await deps.liveOf(ids);
      for (const id of ids) if (!live.has(id)) end(id);
      await touchLongOpen();
    } catch (error) {
      deps.log.error({ err: error }, 'the sessions of open streams could not be read');
    }
    return watched.size > 0;
  };
  const ticker = createTicker(check);

  return {
    add(sessionId) {
      const entry = watched.get(sessionId) ?? { open: [], touchedAt: deps.now() };
      if (entry.open.length >= MAX_OPEN)
        throw new ContinuoError('rate_limited', { retryAfter: RETRY_SECONDS });
      const one = new Watched(sessionId, release);
      entry.open.push(one);
      watched.set(sessionId, entry);
      ticker.start();
      return one;
    },
    end,
    get size() {
      return watched.size;
    },
  };
};
