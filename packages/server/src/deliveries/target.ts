import { channelAdapters, type SendWindow } from '@continuo/channels';
import type { ChannelKind } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { readWorkspaceSettings } from '../config/workspace-settings.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { windowOf } from './windows.ts';

/** Where a reply goes. */
export interface Target {
  identityId: string;
  channelId: string;
  kind: ChannelKind;
  /** When the customer last wrote there, epoch ms. */
  lastInboundAt: number | null;
  window: SendWindow;
}

/** The network last used whose window is open; if none is, the one last used; null where the customer has none. */
export const chooseTarget = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<Target | null> => {
  const rows = await db
    .selectFrom('conversations as v')
    .innerJoin('workspaces as w', 'w.id', 'v.workspace_id')
    .innerJoin('identities as i', 'i.customer_id', 'v.customer_id')
    .innerJoin('channels as c', 'c.id', 'i.channel_id')
    .select(['i.id', 'i.channel_id', 'i.last_inbound_at', 'c.kind', 'w.settings'])
    .where('v.id', '=', conversationId)
    .where('c.kind', 'in', [...channelAdapters.keys()])
    .orderBy((eb) => eb.fn.coalesce('i.last_inbound_at', 'i.created_at'), 'desc')
    .orderBy('i.id')
    .execute();
  const targets = rows.map(({ id, channel_id: channelId, kind, settings, ...identity }) => ({
    identityId: id,
    channelId,
    kind,
    lastInboundAt: identity.last_inbound_at,
    window: windowOf(rt, { identity, channel: { kind }, settings: readWorkspaceSettings(settings) }),
  }));
  return targets.find(({ window }) => window.state !== 'closed') ?? targets[0] ?? null;
};

/** May we write to this identity now? */
export const identityWindow = async (
  rt: Runtime,
  db: Kysely<Database>,
  identityId: string,
): Promise<SendWindow> => {
  const row = await db
    .selectFrom('identities as i')
    .innerJoin('channels as c', 'c.id', 'i.channel_id')
    .innerJoin('workspaces as w', 'w.id', 'c.workspace_id')
    .select(['i.last_inbound_at', 'c.kind', 'w.settings'])
    .where('i.id', '=', identityId)
    .executeTakeFirstOrThrow();
  return windowOf(rt, { identity: row, channel: row, settings: readWorkspaceSettings(row.settings) });
};
