import type { HandoffPeek } from '@continuo/protocol';
import type { Api } from '../api/api.ts';

/** What {@link Handoff.redeem} may be told. */
export interface RedeemOptions {
  /** The answer to "you have another conversation here: join it?". Needed where the peek says `joinRequired`. */
  join?: boolean;
}

/**
 * Carrying on here what began elsewhere, with the token of a link. Each rejects with a ContinuoError; of these, `handoff_expired`,
 * `handoff_used` and `handoff_revoked` say in `problem.renewable` whether `renew` can help.
 */
export interface Handoff {
  /** What the link leads to. Changes nothing. */
  peek(token: string): Promise<HandoffPeek>;
  /** Takes it up on this device and connects. Only ever after a person's press. Rejects with `join_required` where `join` is missing. */
  redeem(token: string, options?: RedeemOptions): Promise<void>;
  /** "Not me." */
  decline(token: string): Promise<void>;
  /** Has a fresh link sent into the social thread. */
  renew(token: string): Promise<void>;
}

/** `begin` has the session that a request earns given to this device, and connects. */
export const createHandoff = (api: Api, begin: (path: string, json: object) => Promise<void>): Handoff => {
  const post = <T>(what: string, token: string) =>
    api.post<T>(`/v1/handoffs/${what}`, { token }, { as: 'device' });
  return {
    peek: (token) => post('peek', token),
    redeem: (token, options) => begin('/v1/handoffs/redeem', { token, ...options }),
    decline: (token) => post('decline', token),
    renew: (token) => post('renew', token),
  };
};
