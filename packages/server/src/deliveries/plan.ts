import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { tellAgents } from './apply.ts';
import { sealContent } from './content.ts';
import { onWebUntil } from './on-web.ts';
import { presenceKnownFrom, ring } from './room.ts';
import { chooseTarget, type Target } from './target.ts';

/** A message of ours that shall reach the customer. */
export interface PlanDelivery {
  conversationId: string;
  /** The seq of its event. */
  seq: number;
  /** What is sent; for a message in the log its own text. */
  text: string;
  link?: { url: string; title: string };
  choices?: readonly { title: string; payload: string }[];
  /** It goes to the network even while the customer is on the web. @default false */
  immediate?: boolean;
}

/** After a start nobody has come back yet: who last wrote from the web is taken to be there. */
const mayBeOnWeb = async (rt: Runtime, tx: Tx, conversationId: string): Promise<boolean> => {
  if (rt.now() >= presenceKnownFrom(rt)) return false;
  const row = await tx.db
    .selectFrom('conversations')
    .select('last_channel_kind')
    .where('id', '=', conversationId)
    .executeTakeFirst();
  return row?.last_channel_kind === 'web';
};

/** When it is due at the earliest, and whether until then it waits for the customer to see it on the web. */
const firstDue = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, target }: { conversationId: string; target: Target },
): Promise<{ state: 'held' | 'pending'; nextAt: number }> => {
  const now = rt.now();
  const until = onWebUntil(rt, { conversationId, lastInboundAt: target.lastInboundAt });
  if (until !== null) return { state: 'held', nextAt: until };
  if (await mayBeOnWeb(rt, tx, conversationId)) return { state: 'held', nextAt: presenceKnownFrom(rt) };
  return { state: 'pending', nextAt: now };
};

const insertDelivery = async (
  rt: Runtime,
  tx: Tx,
  { input, target }: { input: PlanDelivery; target: Target },
): Promise<void> => {
  const { conversationId, seq, text, link, choices, immediate = false } = input;
  const { identityId, channelId, kind } = target;
  const now = rt.now();
  const { state, nextAt } = immediate
    ? { state: 'pending' as const, nextAt: now }
    : await firstDue(rt, tx, { conversationId, target });
  const more = link !== undefined || choices !== undefined || immediate;
  const content = { text, immediate, ...(link && { link }), ...(choices && { choices }) };
  const row = {
    id: rt.newId('dlv'),
    conversation_id: conversationId,
    seq,
    identity_id: identityId,
    channel_id: channelId,
    state,
    content: more ? sealContent(rt.secrets, content) : null,
    attempts: 0,
    next_at: nextAt,
    taken_until: null,
    lease_owner: null,
    lease_until: null,
    provider_id: null,
    sent_at: null,
    error: null,
    created_at: now,
    updated_at: now,
  };
  await tx.db.insertInto('deliveries').values(row).execute();
  tellAgents(rt, tx, { ...row, kind });
  tx.afterCommit(() => ring(rt, 'deliveries'));
};

/**
 * Sees to it that a message of ours reaches the customer: on the web if they are there, else on the network last used
 * whose window is open. Nothing is sent here; the worker does that, after the commit.
 *
 * @returns `web_only` when the customer has no network to be followed to
 * @throws ContinuoError `window_closed` when the customer is not on the web and no network takes a message now; `until`
 * tells when the last window closed
 */
export const planDelivery = async (
  rt: Runtime,
  tx: Tx,
  input: PlanDelivery,
): Promise<'planned' | 'web_only'> => {
  const target = await chooseTarget(rt, tx.db, input.conversationId);
  if (target === null) return 'web_only';
  const { state, until } = target.window;
  if (state === 'closed' && (input.immediate || rt.presence.of(input.conversationId) !== 'web')) {
    throw new ContinuoError('window_closed', until === null ? {} : { until });
  }
  await insertDelivery(rt, tx, { input, target });
  return 'planned';
};
