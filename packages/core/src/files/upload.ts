import type { ContinuoErrorCode } from '../errors.ts';
import { backoff } from '../live/backoff.ts';

/**
 * One file on its way:
 *
 *   idle ──start──▶ begin ──at──▶ send ──at──▶ … ──at (all)──▶ done
 *                     │            │  ▲
 *                     ▼            ▼  │at
 *                   wait ──due──▶ begin, or ask
 *
 * The server alone knows how far it is: after whatever went wrong it is asked before the next chunk. What a cut
 * connection loses is at most one chunk.
 */
export interface UploadState {
  step: 'idle' | 'begin' | 'send' | 'ask' | 'wait' | 'done' | 'failed';
  /** Bytes that the server has; null until it was told of the file. */
  offset: number | null;
  /** What went wrong in a row without a byte in between. */
  failures: number;
  /** Why it failed. */
  error: ContinuoErrorCode | null;
}

export type UploadEvent =
  /** Begins, or begins again what failed. */
  | { type: 'start' }
  /** The server said how far it is. */
  | { type: 'at'; offset: number }
  /** A request failed. `retryAfter`: seconds that the server asked for. `chance`: from 0 up to 1. */
  | { type: 'error'; code: ContinuoErrorCode; retryAfter: number; chance: number }
  /** The pause is over, or the network is back. */
  | { type: 'due' }
  | { type: 'cancel' };

export type UploadEffect =
  | { type: 'begin' | 'ask' }
  | { type: 'send'; offset: number }
  | { type: 'pause'; ms: number };

export const IDLE_UPLOAD: UploadState = { step: 'idle', offset: null, failures: 0, error: null };

/** The same may go well later. */
const LATER: ReadonlySet<ContinuoErrorCode> = new Set<ContinuoErrorCode>([
  'network',
  'timeout',
  'rate_limited',
  'internal',
  'unavailable',
  'proof_stale',
]);
/** Another request has moved it, or the session or the upload is gone and may be had anew. A few times, not for ever. */
const MENDABLE: ReadonlySet<ContinuoErrorCode> = new Set<ContinuoErrorCode>([
  'conflict',
  'not_found',
  'session_ended',
  'unauthorized',
]);
const MENDED_MOST = 3;

type Step = [UploadState, UploadEffect[]];

const isAsking = ({ step }: UploadState) => step === 'begin' || step === 'send' || step === 'ask';

const goOn = (state: UploadState): Step =>
  state.offset === null
    ? [{ ...state, step: 'begin' }, [{ type: 'begin' }]]
    : [{ ...state, step: 'ask' }, [{ type: 'ask' }]];

const fail = (state: UploadState, event: Extract<UploadEvent, { type: 'error' }>): Step => {
  const { code, retryAfter, chance } = event;
  const failures = state.failures + 1;
  const isMendable = MENDABLE.has(code) && failures <= MENDED_MOST;
  if (!isMendable && !LATER.has(code)) return [{ ...state, step: 'failed', error: code }, []];
  // Gone with its session, or deleted: it is told of anew.
  const offset = isMendable && code !== 'conflict' ? null : state.offset;
  const ms = code === 'conflict' && failures === 1 ? 0 : retryAfter * 1000 + chance * backoff(failures);
  return [{ ...state, step: 'wait', offset, failures }, [{ type: 'pause', ms }]];
};

/** State and event → next state and what to do. An event that does not fit the state changes nothing. `size`: bytes of the file. */
export const upload = (state: UploadState, event: UploadEvent, size: number): Step => {
  const isOver = state.step === 'done' || state.step === 'failed';
  if (event.type === 'start') {
    const again = { ...state, failures: 0, error: null };
    return state.step === 'idle' || state.step === 'failed' ? goOn(again) : [state, []];
  }
  if (event.type === 'cancel')
    return isOver ? [state, []] : [{ ...state, step: 'failed', error: 'aborted' }, []];
  if (event.type === 'due') return state.step === 'wait' ? goOn(state) : [state, []];
  if (!isAsking(state)) return [state, []];
  if (event.type === 'error') return fail(state, event);
  const { offset } = event;
  const failures = offset > (state.offset ?? -1) ? 0 : state.failures;
  if (offset >= size) return [{ ...state, step: 'done', offset, failures }, []];
  return [{ ...state, step: 'send', offset, failures }, [{ type: 'send', offset }]];
};
