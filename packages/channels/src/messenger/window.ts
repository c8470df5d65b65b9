import type { SendWindow } from '../adapter.ts';

const HOUR = 3_600_000;
/** Standard messaging: 24 hours from what the customer last did (Meta, Messenger Platform policy, "Standard Messaging"). */
export const STANDARD_WINDOW_MS = 24 * HOUR;
/** The tag `HUMAN_AGENT`: 7 days from it, for replies that a person wrote (Meta, Send API reference, "Message Tags"). */
export const HUMAN_AGENT_WINDOW_MS = 7 * 24 * HOUR;

/** May we write at `now`? The windows are half-open: at the very end they are closed. */
export const windowAt = (
  lastInboundAt: number | null,
  { now, humanAgent }: { now: number; humanAgent: boolean },
): SendWindow => {
  if (lastInboundAt === null) return { state: 'closed', until: null };
  const standard = lastInboundAt + STANDARD_WINDOW_MS;
  if (now < standard) return { state: 'standard', until: standard };
  const human = lastInboundAt + HUMAN_AGENT_WINDOW_MS;
  if (!humanAgent) return { state: 'closed', until: standard };
  return now < human ? { state: 'human_agent', until: human } : { state: 'closed', until: human };
};
