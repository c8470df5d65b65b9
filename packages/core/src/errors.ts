import type { ErrorCode, Problem } from '@continuo/protocol';

/**
 * Codes that only a client can give: `network` (no answer, or not one of ours), `timeout` (no answer in time),
 * `aborted` (the caller's signal), `destroyed` (the client was destroyed).
 */
export type LocalErrorCode = 'network' | 'timeout' | 'aborted' | 'destroyed';

/** Every code that a {@link ContinuoError} of the client can carry. */
export type ContinuoErrorCode = ErrorCode | LocalErrorCode;

interface ErrorDetails {
  status?: number;
  problem?: Problem;
  retryAfter?: number;
  cause?: unknown;
}

/**
 * The one class of errors that this package throws or rejects with. Recognise it by `code`, never by text.
 *
 * @example
 * client.handoff.redeem(token).catch((error) => error.code === 'handoff_used' && askForAnotherLink());
 */
export class ContinuoError extends Error {
  readonly code: ContinuoErrorCode;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** The server's problem document (RFC 9457); null when there was none. */
  readonly problem: Problem | null;
  /** Seconds that the server asks to wait before trying again. */
  readonly retryAfter: number;

  constructor(code: ContinuoErrorCode, details: ErrorDetails = {}) {
    const { problem = null, retryAfter, cause } = details;
    super(problem?.detail ?? code, { cause });
    this.name = 'ContinuoError';
    this.code = code;
    this.status = details.status ?? null;
    this.problem = problem;
    this.retryAfter = problem?.retryAfter ?? retryAfter ?? 0;
  }
}
