import { type ChannelAdapter, ChannelError, channelAdapters, type WebhookRequest } from '@continuo/channels';
import type { Selectable } from 'kysely';
import { ring } from '../deliveries/room.ts';
import { ContinuoError } from '../errors.ts';
import { withoutToken } from '../handoffs/token-in-ref.ts';
import type { Runtime } from '../runtime.ts';
import type { ChannelTable, InboundTable } from '../storage/schema.ts';
import { customerScope } from '../storage/scopes.ts';
import type { Scope } from '../storage/store.ts';
import { openAccount } from './account.ts';

type Channel = Selectable<ChannelTable>;

/** Accounts in one body. Meta puts at most 1000 events into one ("Webhooks", Getting started). */
const MAX_ACCOUNTS = 1000;
/** Rows in one statement. */
const INSERT_CHUNK = 200;

/** Every refusal looks the same from outside: nobody learns which accounts are ours. */
const refuse = (rt: Runtime, kind: string, reason: string): never => {
  rt.metrics.increment('continuo_webhooks_total', { channel: kind, outcome: reason });
  rt.log.warn({ channel: kind, reason }, 'a webhook was refused');
  throw new ContinuoError('unauthorized', { detail: 'The signature or token is missing or wrong.' });
};

const adapterOf = (kind: string): ChannelAdapter => {
  const adapter = channelAdapters.get(kind);
  if (!adapter) throw new ContinuoError('not_found');
  return adapter;
};

const channelsOf = (rt: Runtime, kind: string) =>
  rt.store.db.selectFrom('channels').selectAll().where('kind', '=', kind);

/**
 * The network's own check of the address: answered if any channel of this kind knows the token.
 * @returns the text to answer with
 * @throws ContinuoError `unauthorized`, `not_found`
 */
export const answerChallenge = async (
  rt: Runtime,
  kind: string,
  query: WebhookRequest['query'],
): Promise<string> => {
  adapterOf(kind);
  const request: WebhookRequest = { method: 'GET', headers: {}, query, body: new Uint8Array() };
  for (const channel of await channelsOf(rt, kind).execute()) {
    const verified = openAccount(rt, channel).verify(request);
    if (verified.ok && verified.challenge !== undefined) {
      rt.metrics.increment('continuo_webhooks_total', { channel: kind, outcome: 'challenge' });
      return verified.challenge;
    }
  }
  return refuse(rt, kind, 'challenge_wrong');
};

const readBody = <T>(rt: Runtime, kind: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    rt.metrics.increment('continuo_webhooks_total', { channel: kind, outcome: 'body_invalid' });
    throw new ContinuoError('bad_request', { detail: error.message });
  }
};

/** The channels that a body speaks of, each verified with its own secret. */
const verifiedChannels = async (
  rt: Runtime,
  adapter: ChannelAdapter,
  request: WebhookRequest,
): Promise<Channel[]> => {
  const { kind } = adapter;
  const accountIds = readBody(rt, kind, () => adapter.accounts(request.body));
  if (accountIds.length === 0 || accountIds.length > MAX_ACCOUNTS)
    return refuse(rt, kind, 'accounts_invalid');
  const channels = await channelsOf(rt, kind).where('external_id', 'in', accountIds).execute();
  if (channels.length === 0) return refuse(rt, kind, 'account_unknown');
  for (const channel of channels) {
    const verified = openAccount(rt, channel).verify(request);
    if (!verified.ok) return refuse(rt, kind, verified.reason);
  }
  if (channels.length < accountIds.length) {
    rt.log.warn(
      { channel: kind },
      'a webhook speaks of accounts that are not ours: their events are dropped',
    );
  }
  return channels;
};

type InboundRow = Omit<InboundTable, 'id'>;

const toRows = (rt: Runtime, adapter: ChannelAdapter, input: { body: Uint8Array; channels: Channel[] }) => {
  const now = rt.now();
  const ids = new Map(input.channels.map((channel) => [channel.external_id, channel.id]));
  const rows: InboundRow[] = [];
  for (const { accountId, events } of readBody(rt, adapter.kind, () => adapter.parse(input.body))) {
    const channelId = ids.get(accountId);
    if (channelId === undefined) continue;
    for (const event of events) {
      const type = event.type === 'ignored' ? `ignored:${event.kind}` : event.type;
      rt.metrics.increment('continuo_inbound_total', { channel: adapter.kind, type });
      if (event.type === 'ignored') continue;
      rows.push({
        channel_id: channelId,
        external_id: event.externalId,
        sender: event.from,
        payload: JSON.stringify(withoutToken(event)),
        received_at: now,
        processed_at: null,
        attempts: 0,
        next_at: now,
        taken_until: null,
        error: null,
      });
    }
  }
  return rows;
};

/** Customers of one body who are named one by one. */
const MAX_NAMED = 50;

/** What one customer did is worked on in the order of the rows' ids, so ids of one customer are given in turn. */
const scopeOf = (rows: readonly InboundRow[]): Scope => {
  const names = new Set(rows.flatMap((row) => customerScope(row.channel_id, row.sender)));
  return names.size > MAX_NAMED ? [] : [...names];
};

/**
 * Takes in what a network sent: once this resolves it is on disk, and repetitions are dropped by the network's own ids.
 * The accounts in the body only choose whose secret to verify with; nothing of it is used before that.
 *
 * @throws ContinuoError `unauthorized` (also for an account that is not ours), `bad_request`, `not_found`
 */
export const takeIn = async (rt: Runtime, kind: string, request: WebhookRequest): Promise<void> => {
  const adapter = adapterOf(kind);
  const channels = await verifiedChannels(rt, adapter, request);
  const rows = toRows(rt, adapter, { body: request.body, channels });
  if (rows.length > 0) {
    await rt.store.write(async (tx) => {
      for (let at = 0; at < rows.length; at += INSERT_CHUNK) {
        await tx.db
          .insertInto('inbound')
          .values(rows.slice(at, at + INSERT_CHUNK))
          .onConflict((conflict) => conflict.columns(['channel_id', 'external_id']).doNothing())
          .execute();
      }
      tx.afterCommit(() => ring(rt, 'inbound'));
    }, scopeOf(rows));
  }
  rt.metrics.increment('continuo_webhooks_total', { channel: kind, outcome: 'accepted' });
};
