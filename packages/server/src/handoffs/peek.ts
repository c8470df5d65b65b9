import type { HandoffPeek } from '@continuo/protocol';
import type { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { deviceOf } from './device.ts';
import { type FoundHandoff, findHandoff } from './find.ts';
import { maskName } from './mask-name.ts';
import { refuse } from './refuse.ts';
import { rightTo } from './right.ts';
import { recordStep, SOMEONE } from './steps.ts';

/** Notes which device looked, so that it is known when it starts over instead of carrying on. */
const noteDevice = async (tx: Tx, { row }: FoundHandoff, thumbprint: string): Promise<void> => {
  if (row.peeked_by === thumbprint) return;
  await tx.db.updateTable('handoffs').set({ peeked_by: thumbprint }).where('id', '=', row.id).execute();
};

/** Notes the first look at a live link. */
const notePeek = async (rt: Runtime, tx: Tx, found: FoundHandoff): Promise<void> => {
  const first = await tx.db
    .updateTable('handoffs')
    .set({ peeked_at: rt.now() })
    .where('id', '=', found.row.id)
    .where('peeked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (first === undefined) return;
  await recordStep(rt, tx, {
    handoffId: found.row.id,
    conversationId: found.conversationId,
    from: found.from.kind,
    step: 'peeked',
    actor: SOMEONE,
  });
};

const assigneeOf = async (tx: Tx, conversationId: string): Promise<HandoffPeek['agent']> => {
  const agent = await tx.db
    .selectFrom('conversations')
    .innerJoin('agents', 'agents.id', 'conversations.assignee_id')
    .select(['agents.name', 'agents.picture_url'])
    .where('conversations.id', '=', conversationId)
    .executeTakeFirst();
  return agent ? { name: agent.name, pictureUrl: agent.picture_url } : null;
};

/**
 * What a link leads to, for the device with this key: the channel, the workspace, the agent, and of the customer's name
 * two letters. Returns (does not throw) the refusal of a dead link, because that is written down too.
 * @throws ContinuoError `not_found`
 */
export const peekHandoff = async (
  rt: Runtime,
  tx: Tx,
  input: { token: string; thumbprint: string },
): Promise<HandoffPeek | ContinuoError> => {
  const found = await findHandoff(tx.db, input.token);
  await noteDevice(tx, found, input.thumbprint);
  const right = await rightTo(rt, tx, { found, thumbprint: input.thumbprint });
  if (right.state !== 'live' && right.state !== 'yours')
    return refuse(rt, tx, { found, reason: right.state });
  if (right.state === 'live') await notePeek(rt, tx, found);
  const workspace = await tx.db
    .selectFrom('workspaces')
    .select('name')
    .where('id', '=', found.row.workspace_id)
    .executeTakeFirstOrThrow();
  const device = await deviceOf(tx.db, {
    workspaceId: found.row.workspace_id,
    thumbprint: input.thumbprint,
    customerId: found.customerId,
  });
  return {
    state: right.state,
    channel: found.from,
    workspace,
    maskedName: maskName(found.customerName),
    agent: await assigneeOf(tx, found.conversationId),
    expiresAt: found.row.expires_at,
    joinRequired: right.state === 'live' && device.kind === 'own',
  };
};
