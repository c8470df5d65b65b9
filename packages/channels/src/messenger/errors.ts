import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { SendErrorCode, SendResult } from '../adapter.ts';

/** The body of an error (Meta, Graph API, "Handle errors"). */
const GraphError = Type.Object({
  error: Type.Object({
    code: Type.Integer(),
    error_subcode: Type.Optional(Type.Integer()),
    message: Type.Optional(Type.String()),
  }),
});

type Failure = Extract<SendResult, { outcome: 'failed' }>;

/*
 * Codes of "Common Error Codes" (Meta, Messenger Platform, read as updated on 2026-03-18), unless another source is
 * named. Our reference could not check the subcodes against the current page: they are unverified.
 */

/** "This message is sent outside of allowed window", with code 10. Unverified. */
const WINDOW_SUBCODES: readonly number[] = [2018278, 2018065];
/** "This person isn't available", "not an admin, developer or tester" of an app in development, with code 200. Unverified. */
const BLOCKED_SUBCODES: readonly number[] = [1545041, 2018108, 2018028];
/** "No matching user found", with code 100. Unverified. */
const NO_USER_SUBCODE = 2018001;
/** "This person isn't available at the moment". */
const NOT_AVAILABLE = 551;
/** 4 app, 17 user, 32 Page, 613 this API (Meta, Graph API, "Rate limits"); 80006 business use case of Messenger, unverified. */
const RATE_CODES: readonly number[] = [4, 17, 32, 613, 80006];
/** "Invalid OAuth access token"; 102 is an ended session of one (Meta, Graph API, "Handle errors"). */
const TOKEN_CODES: readonly number[] = [102, 190];
/** "Temporary send message failure. Please try again later": Meta says that it was not sent. */
const TEMPORARY = 1200;
/** 1 and 2, "unknown" and "unexpected" errors: Meta's page tells of messages that arrived although the API answered with 1. */
const UNCLEAR_CODES: readonly number[] = [1, 2];

const isBetween = (code: number, low: number, high: number): boolean => code >= low && code <= high;

const codeOf = (code: number, subcode: number): SendErrorCode => {
  if (code === 10 && WINDOW_SUBCODES.includes(subcode)) return 'window_closed';
  if (code === NOT_AVAILABLE || (code === 100 && subcode === NO_USER_SUBCODE)) return 'blocked';
  if (code === 200 && BLOCKED_SUBCODES.includes(subcode)) return 'blocked';
  // 10 and 200 to 299 are permissions (Meta, Graph API, "Handle errors").
  if (TOKEN_CODES.includes(code) || code === 10 || isBetween(code, 200, 299)) return 'unauthorized';
  if (RATE_CODES.includes(code)) return 'rate_limited';
  return code === TEMPORARY ? 'network' : 'rejected';
};

const failure = (
  code: SendErrorCode,
  { message, wait }: { message: string; wait: number | null },
): Failure => ({
  outcome: 'failed',
  error: { code, message },
  retry: code === 'rate_limited' || code === 'network',
  ...(wait === null ? {} : { retryAfterMs: wait }),
});

/** The delay form of `Retry-After`, in milliseconds. */
const waitOf = (headers: Headers): number | null => {
  const given = headers.get('retry-after');
  return given !== null && /^\d{1,7}$/.test(given) ? Number(given) * 1000 : null;
};

/** What an answer that is no success says of the message. `body` is its JSON, or undefined. */
export const readRefusal = (response: Response, body: unknown): SendResult => {
  const wait = waitOf(response.headers);
  const { status } = response;
  if (Value.Check(GraphError, body)) {
    const { code, error_subcode: subcode = 0, message = '' } = body.error;
    const text = `${message || 'Meta refused it'} (${code}${subcode ? `/${subcode}` : ''})`;
    if (UNCLEAR_CODES.includes(code)) return { outcome: 'unknown', message: text };
    const known = codeOf(code, subcode);
    if (known !== 'rejected' || status < 500) return failure(known, { message: text, wait });
    return { outcome: 'unknown', message: text };
  }
  const message = `The network answered ${status}`;
  if (status === 429) return failure('rate_limited', { message, wait });
  if (status === 401) return failure('unauthorized', { message, wait });
  // A server or a proxy in between that failed, or waited in vain, tells nothing of the message.
  if (status >= 500 || status === 408) return { outcome: 'unknown', message };
  return failure('rejected', { message, wait });
};

/** Codes of Node for a connection that never came to be, so that nothing was sent. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+)$/;

const causesOf = (error: unknown): string[] => {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [...own, ...inner.flatMap(causesOf), ...causesOf(error.cause)];
};

/** What a request that threw says of the message: certainly not sent only where no connection was made. */
export const readThrown = (error: unknown): SendResult => {
  const codes = causesOf(error);
  const name = codes[0] ?? (error instanceof Error ? error.name : 'unknown');
  const unsent = codes.length > 0 && codes.every((code) => BEFORE_SENDING.test(code));
  if (unsent) return failure('network', { message: `The network was not reached (${name})`, wait: null });
  return { outcome: 'unknown', message: `No answer came (${name})` };
};
