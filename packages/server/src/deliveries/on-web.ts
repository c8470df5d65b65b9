import type { Runtime } from '../runtime.ts';

/** A customer who is there now is looked at again after this long at the least, whatever the follow delay. */
const SHORTEST_HOLD_MS = 250;

/**
 * Until when a customer counts as being on the web (epoch ms): the follow delay from when they were last there. Null
 * when they do not: they left before, or have written on the network since.
 */
export const onWebUntil = (
  rt: Pick<Runtime, 'presence' | 'now' | 'config'>,
  { conversationId, lastInboundAt }: { conversationId: string; lastInboundAt: number | null },
): number | null => {
  const now = rt.now();
  const { followDelayMs } = rt.config;
  if (rt.presence.of(conversationId) === 'web') return now + Math.max(followDelayMs, SHORTEST_HOLD_MS);
  const left = rt.presence.lastWebAt(conversationId);
  if (left === null || (lastInboundAt !== null && lastInboundAt > left)) return null;
  return left + followDelayMs > now ? left + followDelayMs : null;
};
