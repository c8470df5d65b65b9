import type { Selectable } from 'kysely';
import type { HandoffTable } from '../storage/schema.ts';

/** How a handoff stands for one device. */
export type HandoffState = 'live' | 'yours' | 'used' | 'revoked' | 'expired';

/**
 * Pure: the state of a handoff for the device with this key at `now`. Who redeemed it comes first: a device that did
 * keeps its right after the link's own time is over.
 */
export const handoffState = (
  row: Pick<Selectable<HandoffTable>, 'redeemed_at' | 'redeemed_by' | 'revoked_at' | 'expires_at'>,
  device: { thumbprint: string; now: number },
): HandoffState => {
  if (row.redeemed_at !== null) return row.redeemed_by === device.thumbprint ? 'yours' : 'used';
  if (row.revoked_at !== null) return 'revoked';
  return row.expires_at <= device.now ? 'expired' : 'live';
};
