import type { Environment } from '../environment/environment.ts';
import { createTimer } from '../environment/timer.ts';
import { ContinuoError, type ContinuoErrorCode } from '../errors.ts';
import { backoff } from '../live/backoff.ts';
import { randomId } from '../session/proof.ts';
import {
  EMPTY_OUTBOX,
  type OutboxEffect,
  type OutboxEntry,
  type OutboxEvent,
  outbox,
  type PendingMessage,
  toPending,
} from './outbox.ts';
import { createQueue } from './queue.ts';
import { createTurns } from './turns.ts';

/** What somebody wrote, before it has its place in the queue. */
type Written = Pick<OutboxEntry, 'text' | 'attachments' | 'replyTo' | 'answer' | 'rich'>;

export interface OutboxOptions {
  environment: Environment;
  /** What the queue is called: in the storage, and for all tabs. */
  name: string;
  /** Sends one message; resolves when the server has it. */
  deliver(entry: PendingMessage): Promise<void>;
  /** It is in the log as far as this tab knows. */
  isSent(clientId: string): boolean;
  onChange(entries: readonly PendingMessage[]): void;
  /** The storage has changed, or this tab is `sending` one now: other tabs should know. */
  tell(sending: string | null): void;
}

/** So many unsent messages are kept; it bounds what a device stores (1 MB of text). */
const MOST = 500;

/** A page that is too old tries seldom: a newer one sends for it (ms). */
const OUTDATED_MS = 60_000;

/** The same message can be taken later, or by a newer page. */
const LATER: ContinuoErrorCode[] = [
  'network',
  'timeout',
  'rate_limited',
  'internal',
  'unavailable',
  'proof_stale',
  'version_unsupported',
];

/** What came of an attempt, for the machine; `now` and `chance` (from 0 up to 1) decide how long to wait. */
const toEvent = (
  { clientId, hold }: OutboxEntry,
  cause: unknown,
  { now, random }: Environment,
): OutboxEvent => {
  const { code, retryAfter } = cause instanceof ContinuoError ? cause : new ContinuoError('network');
  if (!LATER.includes(code)) return { type: 'refused', clientId, error: code };
  const failures = (hold?.failures ?? 0) + 1;
  const at = now();
  const patience = code === 'version_unsupported' ? OUTDATED_MS : retryAfter * 1000;
  const until = at + patience + random() * backoff(failures);
  return { type: 'deferred', clientId, hold: { failures, at, until, isAsked: retryAfter > 0 } };
};

/** The machine's state in this tab, and what it has to do with the storage. */
const createBook = (
  { environment, name, isSent, onChange, tell }: OutboxOptions,
  perform: (effect: OutboxEffect) => void,
) => {
  const queue = createQueue(environment, name);
  let state = EMPTY_OUTBOX;
  /** Grows with each change. */
  let version = 0;

  const run = (effect: OutboxEffect, isTold: boolean) => {
    if (effect.type === 'pause' || effect.type === 'send') return perform(effect);
    const { type, entry } = effect;
    const { clientId } = entry;
    const written =
      type === 'write'
        ? queue.append(entry, (at) => dispatch({ type: 'stored', clientId, at }))
        : queue[type](entry);
    if (isTold) void written.then(() => tell(state.sending));
  };

  /** Whether it changed anything. */
  const dispatch = (event: OutboxEvent): boolean => {
    const [next, effects] = outbox(state, event);
    if (next === state && effects.length === 0) return false;
    state = next;
    version++;
    // What is in the log, other tabs learn from the log.
    for (const effect of effects) run(effect, event.type !== 'confirmed');
    onChange(toPending(state));
    return true;
  };

  /** Takes over what the storage has. Begins again where something changed here meanwhile. */
  const sync = async (): Promise<void> => {
    await queue.settle();
    const before = version;
    const entries = await queue.list();
    if (before !== version) return sync();
    // What is in the log already would show twice for a moment.
    dispatch({ type: 'synced', entries: entries.filter(({ clientId }) => !isSent(clientId)) });
    for (const entry of entries) if (isSent(entry.clientId)) run({ type: 'drop', entry }, false);
  };

  return {
    queue,
    dispatch,
    sync: () => sync().catch(() => {}),
    /** Forgets every message, here and, unless another tab did, in the storage. */
    forget: (isStorageKept: boolean) => {
      dispatch({ type: 'synced', entries: [] });
      return isStorageKept || queue.clear();
    },
    entries: () => state.entries,
    isSending: () => state.sending !== null,
  };
};

/** A message that was just written, behind those that are known here. */
const createEntry = (
  message: Written,
  entries: readonly OutboxEntry[],
  { crypto, now }: Environment,
): OutboxEntry => {
  if (entries.length >= MOST) throw new ContinuoError('rate_limited');
  const at = Math.max(now(), (entries.at(-1)?.at ?? 0) + 1);
  return { ...message, clientId: randomId(crypto), at, state: 'waiting', error: null, hold: null };
};

/** Sends one message, and says what came of it: undefined where it is through. */
const send = async (
  { deliver, tell, environment }: OutboxOptions,
  entry: OutboxEntry,
): Promise<OutboxEvent | undefined> => {
  tell(entry.clientId);
  try {
    await deliver(entry);
    return undefined;
  } catch (cause) {
    return toEvent(entry, cause, environment);
  }
};

/** The one message that is under way: until it is answered, or the log has it and its answer need not be waited for. */
const createSending = (options: OutboxOptions) => {
  let land = () => {};
  let underWay: ReturnType<typeof send> | null = null;
  return {
    begin: (entry: OutboxEntry) => {
      const landed = new Promise<undefined>((resolve) => {
        land = () => resolve(undefined);
      });
      underWay = Promise.race([send(options, entry), landed]);
    },
    take: () => {
      const taken = underWay;
      underWay = null;
      return taken;
    },
    land: () => land(),
  };
};

/** Runs the {@link outbox} machine against the device's storage, its other tabs, a clock and a server. */
export const createOutbox = (options: OutboxOptions) => {
  const { environment, name, tell } = options;
  const { now, tabs } = environment;
  const timer = createTimer();
  const life = new AbortController();
  let wokenAt = 0;
  const { begin, take, land } = createSending(options);
  const { queue, dispatch, sync, forget, entries, isSending } = createBook(options, (effect) => {
    if (effect.type === 'pause') timer(takeTurn, effect.ms);
    if (effect.type === 'send') begin(effect.entry);
  });
  /** Sends one, so that tabs take turns and none waits long. */
  const run = async () => {
    await sync();
    if (!life.signal.aborted) dispatch({ type: 'turn', now: now(), wokenAt });
    const underWay = take();
    if (!underWay) return false;
    const event = await underWay;
    if (event && !life.signal.aborted) dispatch(event);
    tell(null);
    return true;
  };
  const takeTurn = createTurns({ tabs, name: `continuo/outbox/${name}`, signal: life.signal, run });

  return {
    confirm: (clientIds: readonly string[]) => {
      // An answer that was ahead of the log leaves its message to be found there: the next goes only then.
      if (!dispatch({ type: 'confirmed', clientIds })) return;
      if (!isSending()) land();
      takeTurn();
    },
    /** Takes a message in; its client id. It is sent when all before it are. */
    add: (message: Written): string => {
      const entry = createEntry(message, entries(), environment);
      dispatch({ type: 'add', entry });
      takeTurn();
      return entry.clientId;
    },
    /** Sends a failed one again, or deletes one that is not on its way. */
    settle: (type: 'retry' | 'discard', clientId: string) => {
      dispatch({ type, clientId });
      takeTurn();
    },
    /** Takes in what an earlier page left unsent. */
    restore: async () => {
      await queue.age();
      await sync();
      takeTurn();
    },
    /** Another tab wrote, sent or deleted, and is `sending` one now. */
    hear: async (sending: string | null) => {
      dispatch({ type: 'elsewhere', clientId: sending });
      await sync();
      if (entries().some((entry) => entry.state === 'waiting')) takeTurn();
    },
    /** The network is back: try at once, unless the server asked for patience. */
    wake: () => {
      wokenAt = now();
      takeTurn();
    },
    forget,
    stop: () => {
      life.abort();
      timer();
    },
  };
};

export type Outbox = ReturnType<typeof createOutbox>;
