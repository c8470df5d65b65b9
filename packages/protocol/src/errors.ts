import { type Static, Type } from 'typebox';

/**
 * Every error code of the wire, with the HTTP status that carries it and whether sending the same request again later
 * can succeed. `type` of the problem document is `https://continuo.dev/problems/<code>` with `_` written as `-`.
 */
export const ERRORS = {
  /** The body, query or a header does not fit its schema. `errors` lists where. */
  bad_request: { status: 400, retry: false },
  /** The `Continuo-Version` is missing or not spoken here; `supported` lists those that are. Reload the page. */
  version_unsupported: { status: 426, retry: false },
  /** No session token or agent's cookie came with the request, or an unknown one. */
  unauthorized: { status: 401, retry: false },
  /** The session was revoked, idle for too long, or reached its end. */
  session_ended: { status: 401, retry: false },
  /** The DPoP proof is missing, malformed, for another request, or was used before. */
  proof_invalid: { status: 401, retry: false },
  /** The proof's `iat` is too far from the server's clock; `serverTime` (epoch ms) lets the client correct itself and try again. */
  proof_stale: { status: 401, retry: true },
  /** The brand's token is not signed with a secret of the workspace, ran out, is for another channel, or another device has used it. */
  identity_invalid: { status: 403, retry: false },
  /** The signed-in agent may not do this. */
  forbidden: { status: 403, retry: false },
  /** It does not exist, or belongs to someone else: the two cannot be told apart. */
  not_found: { status: 404, retry: false },
  /** The same `clientId` was used before with another body. */
  client_id_conflict: { status: 409, retry: false },
  /** The act does not fit the present state (resolving a resolved case, assigning to an agent who left). */
  conflict: { status: 409, retry: false },
  /** No channel of the customer accepts a message now; `until` tells when the last window closed, if it was ever open. */
  window_closed: { status: 409, retry: false },
  /** The conversation token's time is over. A new one can be asked for. */
  handoff_expired: { status: 410, retry: false },
  /** The conversation token was redeemed on another device. A new one can be asked for. */
  handoff_used: { status: 410, retry: false },
  /** A newer conversation token replaced this one, or an agent took it back. A new one can be asked for. */
  handoff_revoked: { status: 410, retry: false },
  /** The device already has a conversation of its own; redeem again with `join: true` or `join: false`. */
  join_required: { status: 409, retry: false },
  /** The body is larger than the limit. */
  too_large: { status: 413, retry: false },
  /** Too many requests. `Retry-After` (seconds) tells when to try again. */
  rate_limited: { status: 429, retry: true },
  /** The server failed. Nothing is known of the outcome: send again with the same `clientId`. */
  internal: { status: 500, retry: true },
  /** The server is stopping or overloaded. `Retry-After` (seconds) tells when to try again. */
  unavailable: { status: 503, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

/** A literal code of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/** Base of the `type` of every problem document. */
export const PROBLEM_BASE = 'https://continuo.dev/problems/';

/** An RFC 9457 problem document, sent as `application/problem+json`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URI that names the kind of problem' }),
    title: Type.String({ description: 'A short summary, the same for every problem of this code' }),
    status: Type.Integer(),
    code: Type.String({ description: 'A literal of ERRORS' }),
    detail: Type.Optional(Type.String({ description: 'What was wrong this time, for a developer' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
        description: 'With bad_request: each place that does not fit, as a JSON pointer',
      }),
    ),
    supported: Type.Optional(Type.Array(Type.Integer(), { description: 'With version_unsupported' })),
    serverTime: Type.Optional(Type.Integer({ description: 'With proof_stale: epoch milliseconds' })),
    until: Type.Optional(Type.Integer({ description: 'With window_closed: epoch milliseconds' })),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds, the same as the Retry-After header' })),
    renewable: Type.Optional(
      Type.Boolean({
        description:
          'With handoff_*: whether POST /v1/handoffs/renew can send a fresh link. With session_ended: whether the device came by a link, and so needs a fresh one',
      }),
    ),
    deepLink: Type.Optional(
      Type.String({
        description: 'With handoff_* and window_closed: a link into the social thread, to write there',
      }),
    ),
  },
  { $id: 'Problem' },
);
export type Problem = Omit<Static<typeof Problem>, 'code'> & { code: ErrorCode };
