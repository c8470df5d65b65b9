import type { InboundEvent } from '@continuo/channels';
import { hashOf } from '../sessions/tokens.ts';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const HASHED = 'sha256:';

/** The event as it may be stored: a conversation token that came by a deep link becomes its hash. */
export const withoutToken = (event: InboundEvent): InboundEvent => {
  if (event.type !== 'message' && event.type !== 'postback' && event.type !== 'referral') return event;
  const { referral } = event;
  if (!referral?.ref || !TOKEN.test(referral.ref)) return event;
  return { ...event, referral: { ...referral, ref: `${HASHED}${hashOf(referral.ref)}` } };
};

/** The hash of the token by which someone came; null where they came without one. */
export const tokenHashOf = (event: InboundEvent): string | null => {
  const ref = 'referral' in event ? event.referral?.ref : null;
  return ref?.startsWith(HASHED) ? ref.slice(HASHED.length) : null;
};
