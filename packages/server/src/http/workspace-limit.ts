import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

const MINUTE = 60_000;

/** Messages and sessions that a workspace takes a minute, where the operator says nothing else: 500 a second. */
const DEFAULT_PER_MINUTE = 30_000;

/** What a workspace may still do. It fills again evenly, up to a minute's worth. */
interface Bucket {
  left: number;
  /** When `left` was true (epoch ms). */
  at: number;
}

const buckets = new WeakMap<Runtime, Map<string, Bucket>>();

/**
 * Counts a customer's message or new session against its workspace, so that the flood of one brand leaves room for the
 * others on this server, however many addresses and devices it comes from. One small entry a workspace, in memory.
 * @throws ContinuoError `rate_limited`, with the seconds until there is room
 */
export const countAgainstWorkspace = (rt: Runtime, workspaceId: string): void => {
  if (!rt.config.rateLimits) return;
  const max = rt.config.workspacePerMinute ?? DEFAULT_PER_MINUTE;
  const known = buckets.get(rt) ?? new Map<string, Bucket>();
  buckets.set(rt, known);
  const now = rt.now();
  const { left, at } = known.get(workspaceId) ?? { left: max, at: now };
  const available = Math.min(max, left + (Math.max(0, now - at) * max) / MINUTE);
  if (available < 1) {
    const missingMs = ((1 - available) * MINUTE) / max;
    throw new ContinuoError('rate_limited', { retryAfter: Math.max(1, Math.ceil(missingMs / 1000)) });
  }
  known.set(workspaceId, { left: available - 1, at: now });
};
