import { ContinuoError, type ContinuoErrorCode } from '@continuo/core/conversation';
import type { PlainKey } from '../i18n/catalogue.ts';

const TEXTS: Partial<Record<ContinuoErrorCode, PlainKey>> = {
  network: 'errorOffline',
  timeout: 'errorOffline',
  internal: 'errorServer',
  unavailable: 'errorServer',
  forbidden: 'errorForbidden',
  not_found: 'errorNotFound',
  conflict: 'errorConflict',
  client_id_conflict: 'errorConflict',
  rate_limited: 'errorRateLimited',
  too_large: 'errorTooLarge',
  window_closed: 'errorWindowClosed',
  version_unsupported: 'errorVersion',
};

/** The text that tells an agent what a code means. */
export const errorText = (code: ContinuoErrorCode | null): PlainKey => (code && TEXTS[code]) ?? 'errorOther';

/** The code of whatever was thrown; null for what is no error of the client's. */
export const codeOf = (cause: unknown): ContinuoErrorCode | null =>
  cause instanceof ContinuoError ? cause.code : null;
