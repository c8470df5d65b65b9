import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import type { FoundHandoff } from './find.ts';
import { isOpenTo, socialThread } from './social-thread.ts';
import { recordStep, SOMEONE } from './steps.ts';

const CODES = { expired: 'handoff_expired', used: 'handoff_used', revoked: 'handoff_revoked' } as const;

/** Writes a refusal down (each reason once a handoff) and returns what the device is told: why, and the ways on. */
export const refuse = async (
  rt: Runtime,
  tx: Tx,
  input: { found: FoundHandoff; reason: keyof typeof CODES },
): Promise<ContinuoError> => {
  const { found, reason } = input;
  await recordStep(rt, tx, {
    handoffId: found.row.id,
    conversationId: found.conversationId,
    from: found.from.kind,
    step: 'refused',
    actor: SOMEONE,
    reason,
  });
  const thread = await socialThread(rt, tx.db, found.conversationId);
  return new ContinuoError(CODES[reason], {
    renewable: thread !== null && isOpenTo('machine', thread.window),
    ...(thread?.deepLink && { deepLink: thread.deepLink }),
  });
};
