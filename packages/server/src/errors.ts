import type { ErrorCode, Problem } from '@continuo/protocol';

/** What a problem document may say beyond its code. */
export type ErrorDetails = Partial<
  Pick<
    Problem,
    'detail' | 'errors' | 'supported' | 'serverTime' | 'until' | 'retryAfter' | 'renewable' | 'deepLink'
  >
>;

/** The one class of errors that the server throws on purpose. Recognise it by `code`, never by text. */
export class ContinuoError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(details.detail ?? code, options);
    this.name = 'ContinuoError';
    this.code = code;
    this.details = details;
  }
}
