import type { HandoffPeek } from '../../view/model.ts';

/** Why a link does not open. `unknown`: there is no such link. */
export type Refusal = 'expired' | 'used' | 'revoked' | 'unknown';

/** What the server said of a failed step. */
export interface Failure {
  code: string;
  /** Whether a fresh link can be asked for. */
  renewable: boolean;
  /** Into the social thread. */
  deepLink: string | null;
}

/**
 * Carrying a conversation on here, seen from the customer:
 *
 *   peeking ──live──▶ asking ──Continue──▶ redeeming ──▶ none
 *      │ │               │ └──two conversations──▶ joining ──▶ redeeming
 *      │ └──yours──▶ redeeming                └─Not me──▶ declined
 *      └──refused──▶ refused ──Send me a new link──▶ renewed | closed
 */
export type HandoffState =
  | { step: 'none' | 'peeking' | 'declined' }
  /** `busy`: redeeming. */
  | { step: 'asking'; peek: HandoffPeek; busy: boolean }
  /** The device has another conversation. */
  | { step: 'joining'; peek: HandoffPeek }
  | { step: 'refused'; refusal: Refusal; failure: Failure; busy: boolean }
  | { step: 'renewed'; deepLink: string | null }
  /** The network lets us write to the customer only after they wrote. */
  | { step: 'closed'; deepLink: string | null }
  /** Something went wrong on the way; `again` is what failed, `back` where. */
  | { step: 'broken'; again: HandoffEffect; back: HandoffState };

export type HandoffEvent =
  /** A link was opened. */
  | { type: 'token' }
  | { type: 'peeked'; peek: HandoffPeek }
  | { type: 'continue' }
  | { type: 'join'; join: boolean }
  | { type: 'notMe' }
  | { type: 'redeemed' }
  /** Also asked for where the session ended that the link had led to. */
  | { type: 'renew' }
  | { type: 'renewed' }
  | { type: 'failed'; failure: Failure; effect: HandoffEffect }
  | { type: 'again' }
  | { type: 'leave' };

export type HandoffEffect =
  | { type: 'peek' | 'decline' | 'renew' }
  | { type: 'redeem'; answer: { join?: boolean } };

type Step = [state: HandoffState, effect?: HandoffEffect];

export const NO_HANDOFF: HandoffState = { step: 'none' };

const REFUSALS: Readonly<Record<string, Refusal>> = {
  handoff_expired: 'expired',
  handoff_used: 'used',
  handoff_revoked: 'revoked',
  not_found: 'unknown',
  bad_request: 'unknown',
};

const LAPSED: HandoffState = {
  step: 'refused',
  refusal: 'expired',
  failure: { code: 'session_ended', renewable: true, deepLink: null },
  busy: true,
};

const redeem = (peek: HandoffPeek, answer: { join?: boolean } = {}): Step => [
  { step: 'asking', peek, busy: true },
  { type: 'redeem', answer },
];

const onFailed = (state: HandoffState, failure: Failure, effect: HandoffEffect): Step => {
  const { code, deepLink } = failure;
  const refusal = REFUSALS[code];
  if (code === 'window_closed') return [{ step: 'closed', deepLink }];
  if (code === 'join_required' && state.step === 'asking') return [{ step: 'joining', peek: state.peek }];
  if (refusal) return [{ step: 'refused', refusal, failure, busy: false }];
  const back = 'busy' in state ? { ...state, busy: false } : state;
  return [{ step: 'broken', again: effect, back }];
};

/** The next state, and what is to be done. An event that does not fit the state changes nothing. */
export const handoffStep = (state: HandoffState, event: HandoffEvent): Step => {
  const { step } = state;
  if (event.type === 'token') return [{ step: 'peeking' }, { type: 'peek' }];
  if (event.type === 'leave') return [NO_HANDOFF];
  if (event.type === 'failed' && step !== 'declined') return onFailed(state, event.failure, event.effect);
  if (event.type === 'renew' && step === 'none') return [LAPSED, { type: 'renew' }];
  if (event.type === 'peeked' && step === 'peeking') {
    return event.peek.state === 'yours'
      ? redeem(event.peek)
      : [{ step: 'asking', peek: event.peek, busy: false }];
  }
  if (step === 'asking' && !state.busy && event.type === 'continue') {
    return state.peek.joinRequired ? [{ step: 'joining', peek: state.peek }] : redeem(state.peek);
  }
  if (step === 'asking' && !state.busy && event.type === 'notMe') {
    return [{ step: 'declined' }, { type: 'decline' }];
  }
  if (step === 'asking' && state.busy && event.type === 'redeemed') return [NO_HANDOFF];
  if (step === 'joining' && event.type === 'join') return redeem(state.peek, { join: event.join });
  if (step === 'refused' && !state.busy && event.type === 'renew') {
    return [{ ...state, busy: true }, { type: 'renew' }];
  }
  if (step === 'refused' && state.busy && event.type === 'renewed') {
    return [{ step: 'renewed', deepLink: state.failure.deepLink }];
  }
  if (step === 'broken' && event.type === 'again') {
    return ['busy' in state.back ? { ...state.back, busy: true } : state.back, state.again];
  }
  return [state];
};
