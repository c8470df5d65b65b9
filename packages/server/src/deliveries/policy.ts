import type { DeliveryState } from '@continuo/protocol';

/** Why a delivery came to nothing, or is not known to have come to something: a stable word and plain words. */
export interface DeliveryError {
  code: string;
  message: string;
}

/** What decides a delivery that is due. */
export interface Circumstances {
  /** The customer has seen it on the web. */
  read: boolean;
  /** Until when the customer counts as being on the web (epoch ms); null: they do not. */
  onWebUntil: number | null;
  /** The network takes messages for this customer now. */
  windowOpen: boolean;
  /** It has to go to the network whatever is seen on the web: a link into the thread, an answer to a press there. */
  immediate: boolean;
}

/** What can happen to a delivery. */
export type DeliveryEvent =
  /** Its time has come. */
  | ({ type: 'due' } & Circumstances)
  /** The network took it. */
  | { type: 'sent'; messageId: string }
  /** The network certainly did not take it; `retryAt` (epoch ms): it is worth another try. */
  | { type: 'refused'; error: DeliveryError; retryAt: number | null }
  /** It went out and no answer came. */
  | { type: 'unanswered'; message: string }
  /** Whoever was sending it has not told how it ended within the lease. */
  | { type: 'lease_ended' }
  /** The network told us of this message of ours. `at`: the network's clock. */
  | { type: 'echoed'; messageId: string; at: number }
  /** It reached the customer's device. */
  | { type: 'delivered' }
  /** The customer saw it on the network. */
  | { type: 'read' }
  /** An agent asks for another try. */
  | { type: 'retried' };

/** What becomes of it. What is left out stays as it was. */
export interface Transition {
  state: DeliveryState;
  /** When it is due again (epoch ms); 0: now. */
  dueAt?: number;
  error?: DeliveryError | null;
  providerId?: string;
  /** When the network took it, by its own clock. */
  sentAt?: number;
}

type On<Type extends DeliveryEvent['type']> = Extract<DeliveryEvent, { type: Type }>;

const WAITING: readonly DeliveryState[] = ['held', 'pending'];
/** The network has it for certain, or it need not have it. */
const SETTLED: readonly DeliveryState[] = ['sent', 'delivered', 'read', 'web'];

const UNANSWERED: DeliveryError = {
  code: 'unknown',
  message: 'No answer came. The network may or may not have it.',
};

/**
 * A reply that the customer saw on the web needs no network; while they are on the page it waits for them to see it.
 * What an echo contradicts is corrected: it did arrive.
 */
const onDue = (state: DeliveryState, circumstances: On<'due'>): Transition | null => {
  const { read, onWebUntil, windowOpen, immediate } = circumstances;
  if (!WAITING.includes(state)) return null;
  if (read && !immediate) return { state: 'web', error: null };
  if (onWebUntil !== null && !immediate) return { state: 'held', dueAt: onWebUntil };
  if (windowOpen) return { state: 'sending', error: null };
  return {
    state: 'failed',
    error: { code: 'window_closed', message: 'The window to write to them has closed' },
  };
};

const onRefused = (state: DeliveryState, { error, retryAt }: On<'refused'>): Transition | null => {
  // A late answer to what was given up as unknown: the agent has seen that, and decides.
  if (state === 'unknown') return { state: 'failed', error };
  if (state !== 'sending') return null;
  return retryAt === null ? { state: 'failed', error } : { state: 'pending', dueAt: retryAt, error };
};

/** The next state, or null where the event changes nothing. A pure function: the whole of the rules of delivery. */
export const transition = (state: DeliveryState, event: DeliveryEvent): Transition | null => {
  switch (event.type) {
    case 'due':
      return onDue(state, event);
    case 'sent':
      if (SETTLED.includes(state)) return null;
      return { state: 'sent', providerId: event.messageId, error: null };
    case 'echoed':
      // On what is known to be sent the echo brings the network's own time, which its watermarks are held against.
      if (SETTLED.includes(state)) return state === 'web' ? null : { state, sentAt: event.at };
      return { state: 'sent', providerId: event.messageId, sentAt: event.at, error: null };
    case 'refused':
      return onRefused(state, event);
    case 'unanswered':
      return state === 'sending'
        ? { state: 'unknown', error: { code: 'unknown', message: event.message } }
        : null;
    case 'lease_ended':
      return state === 'sending' ? { state: 'unknown', error: UNANSWERED } : null;
    case 'delivered':
      return state === 'sent' ? { state: 'delivered' } : null;
    case 'read':
      return state === 'sent' || state === 'delivered' ? { state: 'read' } : null;
    case 'retried':
      return state === 'failed' || state === 'unknown' ? { state: 'pending', dueAt: 0, error: null } : null;
  }
};
