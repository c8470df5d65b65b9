import type { Runtime } from '../runtime.ts';
import { SESSION_LIFE_MS } from '../sessions/sessions.ts';
import type { Tx } from '../storage/store.ts';
import type { FoundHandoff } from './find.ts';
import { type HandoffState, handoffState } from './state.ts';

/** How a handoff stands for a device; for `yours`, what the device may have again. */
export type HandoffRight =
  | { state: Exclude<HandoffState, 'yours'> }
  | { state: 'yours'; visibleAfter: number; since: number };

/**
 * What a device may do with a handoff. A device that redeemed it has its right for 14 days from then; it is over
 * (`revoked`) when its sessions were ended by a log-out or an agent.
 */
export const rightTo = async (
  rt: Runtime,
  tx: Tx,
  input: { found: FoundHandoff; thumbprint: string },
): Promise<HandoffRight> => {
  const { row } = input.found;
  const now = rt.now();
  const state = handoffState(row, { thumbprint: input.thumbprint, now });
  if (state !== 'yours') return { state };
  const since = row.redeemed_at ?? now;
  if (since + SESSION_LIFE_MS <= now) return { state: 'expired' };
  const session = await tx.db
    .selectFrom('sessions')
    .select(['visible_after', 'expires_at'])
    .where('handoff_id', '=', row.id)
    .where('key_thumbprint', '=', input.thumbprint)
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (session === undefined) return { state: 'revoked' };
  if (session.expires_at <= now) return { state: 'expired' };
  return { state: 'yours', visibleAfter: session.visible_after, since: session.expires_at - SESSION_LIFE_MS };
};
