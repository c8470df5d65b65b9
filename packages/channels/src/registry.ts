import type { ChannelAdapter } from './adapter.ts';
import { messenger } from './messenger/messenger.ts';

const ADAPTERS: readonly ChannelAdapter[] = [
  messenger, // one line a channel
];

/** Every adapter, by its kind. `web` has none: the server itself is the network. */
export const channelAdapters: ReadonlyMap<string, ChannelAdapter> = new Map(
  ADAPTERS.map((adapter) => [adapter.kind, adapter]),
);
