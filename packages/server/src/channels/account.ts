import { type ChannelAccount, ChannelError, channelAdapters, type NetworkContext } from '@continuo/channels';
import type { ChannelKind } from '@continuo/protocol';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable } from '../storage/schema.ts';

const adapterOf = (kind: ChannelKind) => {
  const adapter = channelAdapters.get(kind);
  if (!adapter) throw new ChannelError('config_invalid', `There is no adapter for ${kind}`);
  return adapter;
};

/**
 * A channel's account on its network.
 * @throws ChannelError `config_invalid` when its configuration does not fit, or nobody speaks its kind
 * @throws ContinuoError `internal` when its configuration cannot be opened
 */
export const openAccount = (
  rt: Pick<Runtime, 'secrets'>,
  channel: Pick<ChannelTable, 'kind' | 'config'>,
): ChannelAccount => {
  const config: unknown = JSON.parse(rt.secrets.open(channel.config));
  return adapterOf(channel.kind).account(config);
};

/**
 * What a request to a network needs. The base of its API is the operator's (`messengerApiUrl` for `messenger`, and so
 * on), or else the adapter's own.
 *
 * @param timeoutMs after this long the request is given up
 */
export const networkContext = (
  rt: Pick<Runtime, 'config' | 'fetch'>,
  kind: ChannelKind,
  timeoutMs: number,
): NetworkContext => {
  const own = new Map<string, unknown>(Object.entries(rt.config)).get(`${kind}ApiUrl`);
  return {
    apiUrl: typeof own === 'string' ? own : adapterOf(kind).apiUrl,
    fetch: rt.fetch,
    signal: AbortSignal.timeout(timeoutMs),
  };
};
