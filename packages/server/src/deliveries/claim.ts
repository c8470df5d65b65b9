import { channelAdapters, type SendWindow } from '@continuo/channels';
import type { Selectable } from 'kysely';
import { readWorkspaceSettings } from '../config/workspace-settings.ts';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable, IdentityTable } from '../storage/schema.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import { applyEvent, type DeliveryRow, deliveryRows, isSending } from './apply.ts';
import { type DeliveryContent, readContent } from './content.ts';
import { joinTexts } from './join-texts.ts';
import { metadataOf } from './metadata.ts';
import { onWebUntil } from './on-web.ts';
import type { DeliveryEvent } from './policy.ts';
import { presenceKnownFrom } from './room.ts';
import { type Due, release, takeDue } from './take.ts';
import { windowOf } from './windows.ts';

/** How long a claim may take to be settled. More than a send may take, so that only a crash lets it run out. */
export const LEASE_MS = 60_000;

/** Deliveries that go out together to one identity as one message, and the right to send it, once. */
export interface Claim {
  id: string;
  conversationId: string;
  deliveryIds: string[];
  channel: Pick<ChannelTable, 'id' | 'kind' | 'config'>;
  /** The customer's address there. */
  to: string;
  content: DeliveryContent;
  metadata: string;
  window: SendWindow;
  /** Tries so far, this one included. */
  attempt: number;
}

type Address = Selectable<IdentityTable> & Pick<ChannelTable, 'kind' | 'config'> & { settings: string };

/** Where messages go, and under which rule. */
interface Thread {
  address: Address;
  window: SendWindow;
}

interface Ready {
  row: DeliveryRow;
  content: DeliveryContent;
}

const loadAddress = (tx: Tx, identityId: string): Promise<Address> =>
  tx.db
    .selectFrom('identities as i')
    .innerJoin('channels as c', 'c.id', 'i.channel_id')
    .innerJoin('workspaces as w', 'w.id', 'c.workspace_id')
    .selectAll('i')
    .select(['c.kind', 'c.config', 'w.settings'])
    .where('i.id', '=', identityId)
    .executeTakeFirstOrThrow();

const UNREADABLE: DeliveryEvent = {
  type: 'refused',
  error: { code: 'rejected', message: 'What it holds is no longer kept' },
  retryAt: null,
};

/** The content of a delivery; null, and logged, when it cannot be opened. */
const tryContent = async (rt: Runtime, tx: Tx, row: DeliveryRow): Promise<DeliveryContent | null> => {
  try {
    return await readContent(rt.secrets, tx.db, row);
  } catch (error) {
    rt.log.error({ err: error, deliveryId: row.id }, 'the content of a delivery cannot be opened');
    return null;
  }
};

/** Decides one delivery that is due. @returns what to send; null when it is not to be sent now */
const decide = async (
  rt: Runtime,
  tx: Tx,
  { row, content, on }: { row: DeliveryRow; content: DeliveryContent | null; on: Thread },
): Promise<Ready | null> => {
  const { customer_read: customerRead } = await tx.db
    .selectFrom('conversations')
    .select('customer_read')
    .where('id', '=', row.conversation_id)
    .executeTakeFirstOrThrow();
  const circumstances = {
    read: customerRead >= row.seq,
    onWebUntil: onWebUntil(rt, {
      conversationId: row.conversation_id,
      lastInboundAt: on.address.last_inbound_at,
    }),
    windowOpen: on.window.state !== 'closed',
    immediate: content?.immediate ?? false,
  };
  const decided = await applyEvent(rt, tx, { row, event: { type: 'due', ...circumstances } });
  if (decided.state !== 'sending') return null;
  if (content !== null) return { row: decided, content };
  await applyEvent(rt, tx, { row: decided, event: UNREADABLE });
  return null;
};

const fitsWith = (group: readonly Ready[], content: DeliveryContent, limit: number): boolean => {
  if (group.length === 0) return true;
  const all = [...group.map((ready) => ready.content), content];
  const plain = all.every(({ link, choices }) => link === undefined && choices === undefined);
  return plain && joinTexts(all).length <= limit;
};

/** What goes out to one identity now: the first that are due, in order, as far as they fit into one message. */
const gather = async (rt: Runtime, tx: Tx, on: Thread): Promise<Ready[]> => {
  const limit = channelAdapters.get(on.address.kind)?.textLength ?? 0;
  const rows = await deliveryRows(tx)
    .where('d.identity_id', '=', on.address.id)
    .where('d.state', 'in', ['held', 'pending'])
    .execute();
  const group: Ready[] = [];
  const presenceKnown = rt.now() >= presenceKnownFrom(rt);
  for (const row of rows) {
    // One that waits for another try keeps its place. One that waits for the web is looked at whenever a later one is
    // due, so that it is not overtaken should the customer have left the web meanwhile.
    if (row.state === 'pending' && row.next_at > rt.now()) break;
    if (row.state === 'held' && !presenceKnown) continue;
    const content = await tryContent(rt, tx, row);
    if (content !== null && !fitsWith(group, content, limit)) break;
    const ready = await decide(rt, tx, { row, content, on });
    if (ready) group.push(ready);
  }
  return group;
};

const lease = async (
  rt: Runtime,
  tx: Tx,
  { address, window, group }: Thread & { group: readonly Ready[] },
): Promise<Claim | null> => {
  const [first] = group;
  if (!first) return null;
  const id = Buffer.from(rt.randomBytes(16)).toString('base64url');
  const attempt = Math.max(...group.map(({ row }) => row.attempts)) + 1;
  const now = rt.now();
  await tx.db
    .updateTable('deliveries')
    .set({ attempts: attempt, lease_owner: id, lease_until: now + LEASE_MS, sent_at: now })
    .where(
      'id',
      'in',
      group.map(({ row }) => row.id),
    )
    .execute();
  return {
    id,
    conversationId: first.row.conversation_id,
    deliveryIds: group.map(({ row }) => row.id),
    channel: { id: address.channel_id, kind: address.kind, config: address.config },
    to: address.external_id,
    content:
      group.length === 1 ? first.content : { ...first.content, text: joinTexts(group.map((r) => r.content)) },
    metadata: metadataOf(id),
    window,
    attempt,
  };
};

const claimOne = async (rt: Runtime, tx: Tx, { identityId }: Due): Promise<Claim | null> => {
  await release(rt, tx, identityId);
  // A send under way keeps back what comes after it, also one that another node began since.
  if (await isSending(tx, identityId)) return null;
  const address = await loadAddress(tx, identityId);
  const window = windowOf(rt, {
    identity: address,
    channel: address,
    settings: readWorkspaceSettings(address.settings),
  });
  const group = await gather(rt, tx, { address, window });
  return lease(rt, tx, { address, window, group });
};

/** What was being sent when its process ended: the network may or may not have it. */
const endLeases = async (rt: Runtime): Promise<void> => {
  const over = await rt.store.db
    .selectFrom('deliveries')
    .select(['id', 'conversation_id'])
    .where('state', '=', 'sending')
    .where('lease_until', '<', rt.now())
    .execute();
  const endLease = async (tx: Tx, id: string): Promise<void> => {
    const rows = await deliveryRows(tx)
      .where('d.id', '=', id)
      .where('d.lease_until', '<', rt.now())
      .execute();
    for (const row of rows) await applyEvent(rt, tx, { row, event: { type: 'lease_ended' } });
  };
  await Promise.all(
    over.map((row) => rt.store.write((tx) => endLease(tx, row.id), conversationScope(row.conversation_id))),
  );
};

/**
 * Takes what is due, at most one message for each identity, and with it the right to send it: the state `sending` is on
 * disk before anything goes out, so that nothing is ever sent twice unasked. Nodes share what is due; whatever two of
 * them take, one of them claims.
 *
 * @returns `more`: others are due, too many for one turn
 */
export const claimDue = async (rt: Runtime): Promise<{ claims: Claim[]; more: boolean }> => {
  await endLeases(rt);
  const { due, more } = await takeDue(rt);
  const tries = await Promise.allSettled(
    due.map((one) => rt.store.write((tx) => claimOne(rt, tx, one), conversationScope(one.conversationId))),
  );
  // One that failed must not keep those that were claimed from being sent.
  for (const one of tries) {
    if (one.status === 'rejected') rt.log.error({ err: one.reason }, 'what is due could not be claimed');
  }
  const claims = tries.map((one) => (one.status === 'fulfilled' ? one.value : null));
  return { claims: claims.filter((claim) => claim !== null), more };
};

/**
 * When something is due next (epoch ms). What was due by `since`, when a claim last looked, waits for something else than
 * time, which will call.
 */
export const nextDue = async (rt: Runtime, since: number): Promise<number | null> => {
  const known = presenceKnownFrom(rt);
  const waiting = await rt.store.db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.min('next_at').as('at'))
    .where('state', 'in', ['held', 'pending'])
    .where('next_at', '>', since)
    .executeTakeFirst();
  const leased = await rt.store.db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.min('lease_until').as('at'))
    .where('state', '=', 'sending')
    .executeTakeFirst();
  const times = [waiting?.at ?? null, leased?.at ? leased.at + 1 : null, known > since ? known : null];
  const coming = times.filter((time) => time !== null);
  return coming.length === 0 ? null : Math.min(...coming);
};
