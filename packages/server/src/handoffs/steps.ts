import type { Actor, ChannelKind, HandoffEvent } from '@continuo/protocol';
import { announce } from '../conversations/announce.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Tx } from '../storage/store.ts';

/** A step of a handoff, for the log. */
export interface Step {
  handoffId: string;
  conversationId: string;
  from: ChannelKind;
  /** @default 'web' */
  to?: ChannelKind;
  step: HandoffEvent['step'];
  actor: Actor;
  reason?: HandoffEvent['reason'];
  expiresAt?: number;
}

/** A person on a device that has shown a link and no more. */
export const SOMEONE: Actor = { kind: 'customer', id: null, name: null };

/**
 * Writes a step into the conversation's log and counts it. Each step of a handoff (refusals: each reason) is written
 * once, so that no bot can fill a log; the key holds a colon, which no client's id may.
 * @returns the event's seq
 */
export const recordStep = async (rt: Runtime, tx: Tx, step: Step): Promise<number> => {
  const reason = step.reason ?? null;
  const clientId = ['handoff', step.handoffId, step.step, ...(reason ? [reason] : [])].join(':');
  tx.afterCommit(() =>
    rt.metrics.increment('continuo_handoffs_total', { step: step.step, reason: reason ?? '' }),
  );
  const before = await tx.findByClientId(step.conversationId, clientId);
  if (before) return before.event.seq;
  const [event] = await tx.append(
    step.conversationId,
    [
      {
        type: 'handoff',
        handoffId: step.handoffId,
        step: step.step,
        from: step.from,
        to: step.to ?? 'web',
        actor: step.actor,
        reason,
        expiresAt: step.expiresAt ?? null,
      },
    ],
    { clientId, hash: hashOf(clientId) },
  );
  tx.afterCommit(() => announce(rt, step.conversationId));
  if (event === undefined) throw new Error('the log took no event');
  return event.seq;
};
