import { channelAdapters, type SendWindow } from '@continuo/channels';
import type { ChannelKind } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { WorkspaceSettings } from '../config/config.ts';
import { readWorkspaceSettings } from '../config/workspace-settings.ts';
import { chooseTarget } from '../deliveries/target.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';

/** What our deep links carry: that the customer came by one, nothing about whom. */
const DEEP_LINK_REF = 'continuo';

/** The social thread of a conversation: where a link is sent, and where the customer writes to wake it. */
export interface SocialThread {
  workspaceId: string;
  settings: WorkspaceSettings;
  identityId: string;
  kind: ChannelKind;
  window: SendWindow;
  /** Opens the thread on the network; null where the network has no such links. */
  deepLink: string | null;
}

/** May a link be sent into a thread with this window: by a person, or by a machine that a customer asked? */
export const isOpenTo = (who: 'person' | 'machine', { state }: SendWindow): boolean =>
  // Meta's Human Agent tag is for people alone (Meta, Messenger Platform policy).
  state === 'always' || state === 'standard' || (state === 'human_agent' && who === 'person');

/** The thread that the next message into a network goes to; null where the customer has none. */
export const socialThread = async (
  rt: Runtime,
  db: Kysely<Database>,
  conversationId: string,
): Promise<SocialThread | null> => {
  const target = await chooseTarget(rt, db, conversationId);
  if (target === null) return null;
  const { identityId, kind, window } = target;
  const channel = await db
    .selectFrom('channels')
    .innerJoin('workspaces', 'workspaces.id', 'channels.workspace_id')
    .select(['channels.config', 'channels.workspace_id', 'workspaces.settings'])
    .where('channels.id', '=', target.channelId)
    .executeTakeFirstOrThrow();
  const account = channelAdapters.get(kind)?.account(JSON.parse(rt.secrets.open(channel.config)));
  return {
    workspaceId: channel.workspace_id,
    settings: readWorkspaceSettings(channel.settings),
    identityId,
    kind,
    window,
    deepLink: account?.deepLink(DEEP_LINK_REF) ?? null,
  };
};
