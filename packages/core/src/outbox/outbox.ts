import type { Answer, Attachment, Rich } from '@continuo/protocol';
import type { ContinuoErrorCode } from '../errors.ts';

/** What a message is sent with, besides words and files. */
export interface SendExtras {
  /** The seq of the message that it answers. */
  replyTo?: number;
  /** The option that was pressed; the text is its label. */
  answer?: Answer;
  /** What it shows below its text. Agents only. */
  rich?: Rich;
}

/** A message that is not in the log yet. */
export interface PendingMessage extends SendExtras {
  clientId: string;
  text: string;
  /** Uploaded files that go with it. */
  attachments?: readonly Attachment[] | undefined;
  /** Epoch milliseconds, this device's clock; grows from message to message. */
  at: number;
  /** `waiting`: for its turn or for the network. `failed`: it will not be sent unless retried. */
  state: 'waiting' | 'sending' | 'failed';
  /** Why it failed. */
  error: ContinuoErrorCode | null;
}

/** Why a message waits although it is its turn. Times are epoch milliseconds. */
export interface Hold {
  /** How often it could not be sent, in a row. */
  failures: number;
  at: number;
  until: number;
  /** The server asked for it: the network's being back is no reason to be earlier. */
  isAsked: boolean;
}

/** A message as the storage keeps it, for all tabs of the device. */
export interface OutboxEntry extends PendingMessage {
  state: 'waiting' | 'failed';
  hold: Hold | null;
}

/**
 * What one tab knows of the device's queue. Each message:
 *
 *   waiting ──(its turn)──▶ sending ──confirmed──▶ gone
 *      ▲ ▲                   │   │
 *      │ └─────deferred──────┘   └──refused──▶ failed ──discard──▶ gone
 *      └───────────────────retry─────────────────┘
 *
 * Only the first that has not failed is ever sent, and the next not before it is answered: so messages stay in order
 * even if two tabs should send at once. A failed message holds up no other: what makes it fail is in itself (too long,
 * refused), and people would find everything after it stuck behind something they may never notice.
 */
export interface OutboxState {
  /** In the order written. */
  entries: readonly OutboxEntry[];
  /** The client id of the message that this tab is sending. */
  sending: string | null;
  /** The one that another tab said it is sending. */
  elsewhere: string | null;
}

export type OutboxEvent =
  /** Written here. */
  | { type: 'add'; entry: OutboxEntry }
  /** The storage has it, as later than all it had. */
  | { type: 'stored'; clientId: string; at: number }
  /** All that the storage has: this tab's own, and other tabs'. */
  | { type: 'synced'; entries: readonly OutboxEntry[] }
  | { type: 'elsewhere'; clientId: string | null }
  /** No other tab sends now. `wokenAt`: when the network or the page was last back; what is held since before goes. */
  | { type: 'turn'; now: number; wokenAt: number }
  /** They are in the log. */
  | { type: 'confirmed'; clientIds: readonly string[] }
  /** It could not be sent now. */
  | { type: 'deferred'; clientId: string; hold: Hold }
  /** The server will never take it as it is. */
  | { type: 'refused'; clientId: string; error: ContinuoErrorCode }
  | { type: 'retry'; clientId: string }
  | { type: 'discard'; clientId: string };

export type OutboxEffect =
  | { type: 'write' | 'save' | 'drop' | 'send'; entry: OutboxEntry }
  /** Another `turn` then. */
  | { type: 'pause'; ms: number };

export const EMPTY_OUTBOX: OutboxState = { entries: [], sending: null, elsewhere: null };

/** However far a clock was set back, no message waits longer for its next try (ms). */
const LONGEST_HOLD = 5 * 60_000;

type Step = [OutboxState, OutboxEffect[]];

const byAge = (one: OutboxEntry, other: OutboxEntry) =>
  one.at - other.at || (one.clientId < other.clientId ? -1 : 1);

/** How long it has to wait yet. */
const waitOf = ({ hold }: OutboxEntry, now: number, wokenAt: number): number =>
  // A clock that was set back says nothing of how long it has been.
  hold && now >= hold.at && (hold.isAsked || hold.at > wokenAt)
    ? Math.min(hold.until - now, LONGEST_HOLD)
    : 0;

const takeTurn = (state: OutboxState, now: number, wokenAt: number): Step => {
  const alone = state.elsewhere ? { ...state, elsewhere: null } : state;
  const entry = state.entries.find((one) => one.state === 'waiting');
  if (!entry || state.sending) return [alone, []];
  const ms = waitOf(entry, now, wokenAt);
  if (ms > 0) return [alone, [{ type: 'pause', ms }]];
  return [{ ...alone, sending: entry.clientId }, [{ type: 'send', entry }]];
};

const isBusy = ({ sending, elsewhere }: OutboxState, clientId: string) =>
  sending === clientId || elsewhere === clientId;

/** They are gone; nobody sends them any more. */
const without = (state: OutboxState, clientIds: readonly string[]): Step => {
  const { entries, sending, elsewhere } = state;
  const isGone = (id: string | null) => id !== null && clientIds.includes(id);
  const gone = entries.filter(({ clientId }) => isGone(clientId));
  if (gone.length === 0 && !isGone(sending)) return [state, []];
  return [
    {
      entries: entries.filter((entry) => !gone.includes(entry)),
      sending: isGone(sending) ? null : sending,
      elsewhere: isGone(elsewhere) ? null : elsewhere,
    },
    gone.map((entry) => ({ type: 'drop', entry })),
  ];
};

/** What an event about one message changes in it, if it is in the fitting state. */
const changeOf = (
  event: OutboxEvent,
  entry: OutboxEntry,
  isSending: boolean,
): Partial<OutboxEntry> | null => {
  if (event.type === 'stored' && event.at !== entry.at) return { at: event.at };
  if (event.type === 'retry' && entry.state === 'failed') return { state: 'waiting', error: null };
  if (event.type === 'deferred' && isSending) return { hold: event.hold };
  return event.type === 'refused' && isSending ? { state: 'failed', error: event.error, hold: null } : null;
};

/** State and event → next state and what to do. An event about a message that is not in the fitting state changes nothing. */
export const outbox = (state: OutboxState, event: OutboxEvent): Step => {
  const { entries, sending } = state;
  const put = (next: readonly OutboxEntry[]): OutboxState => ({ ...state, entries: [...next].sort(byAge) });
  switch (event.type) {
    case 'add':
      return entries.some(({ clientId }) => clientId === event.entry.clientId)
        ? [state, []]
        : [put([...entries, event.entry]), [{ type: 'write', entry: event.entry }]];
    case 'synced':
      return [put(event.entries), []];
    case 'elsewhere':
      return [event.clientId === state.elsewhere ? state : { ...state, elsewhere: event.clientId }, []];
    case 'turn':
      return takeTurn(state, event.now, event.wokenAt);
    case 'confirmed':
      return without(state, event.clientIds);
    case 'discard':
      return isBusy(state, event.clientId) ? [state, []] : without(state, [event.clientId]);
  }
  const isSending = sending === event.clientId;
  const isOver = isSending && (event.type === 'deferred' || event.type === 'refused');
  const entry = entries.find(({ clientId }) => clientId === event.clientId);
  const change = entry && changeOf(event, entry, isSending);
  if (!change) return [isOver ? { ...state, sending: null } : state, []];
  const changed = { ...entry, ...change };
  return [
    { ...put(entries.map((one) => (one === entry ? changed : one))), sending: isOver ? null : sending },
    event.type === 'stored' ? [] : [{ type: 'save', entry: changed }],
  ];
};

/** The messages as people are shown them. */
export const toPending = (state: OutboxState): readonly PendingMessage[] =>
  state.entries.map(({ clientId, text, attachments, at, error, replyTo, answer, rich, ...entry }) => ({
    clientId,
    text,
    attachments,
    ...(replyTo && { replyTo }),
    ...(answer && { answer }),
    ...(rich && { rich }),
    at,
    state: entry.state === 'waiting' && isBusy(state, clientId) ? 'sending' : entry.state,
    error,
  }));
