import { channelAdapters, type SendWindow } from '@continuo/channels';
import type { WorkspaceSettings } from '../config/config.ts';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable, IdentityTable } from '../storage/schema.ts';

export interface WindowOf {
  identity: Pick<IdentityTable, 'last_inbound_at'>;
  channel: Pick<ChannelTable, 'kind'>;
  settings: Pick<WorkspaceSettings, 'humanAgent'>;
}

/** The web has no window. */
const ALWAYS: SendWindow = { state: 'always', until: null };

/** May we write to this identity now, and until when? */
export const windowOf = (rt: Pick<Runtime, 'now'>, { identity, channel, settings }: WindowOf): SendWindow => {
  const { humanAgent } = settings;
  const adapter = channelAdapters.get(channel.kind);
  return adapter?.window(identity.last_inbound_at, { now: rt.now(), humanAgent }) ?? ALWAYS;
};
