import { ChannelError, channelAdapters } from '@continuo/channels';
import type { ChannelKind } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import { type AdminRuntime, checkName, requireWorkspace } from './add-workspace.ts';

/** A channel to add. */
export interface NewChannel {
  workspaceId: string;
  kind: ChannelKind;
  /** As agents and customers see it. */
  name: string;
  /** What the channel's adapter asks for; nothing for `web`. Kept encrypted. */
  config?: unknown;
}

/** Random bytes in a web channel's public key: enough that keys never meet. */
const KEY_BYTES = 12;

/**
 * Adds a channel, to a running server too.
 * @returns `externalId`: the account's id on the network, or the public key of a web channel (`web_…`)
 * @throws ContinuoError `bad_request` naming what does not fit; `not_found` for the workspace; `conflict` when the account
 * is a channel already
 */
export async function addChannel(
  rt: AdminRuntime,
  { workspaceId, kind, name, config = {} }: NewChannel,
): Promise<{ id: string; externalId: string }> {
  await requireWorkspace(rt, workspaceId);
  const row = {
    id: rt.newId('chn'),
    workspace_id: workspaceId,
    kind,
    name: checkName(name),
    external_id: externalIdOf(rt, kind, config),
    config: rt.secrets.seal(JSON.stringify(config)),
    created_at: rt.now(),
  };
  await rt.store.write(async (tx) => {
    const known = await tx.db
      .selectFrom('channels')
      .select('id')
      .where('kind', '=', kind)
      .where('external_id', '=', row.external_id)
      .executeTakeFirst();
    if (known)
      throw new ContinuoError('conflict', { detail: `${kind} ${row.external_id} is a channel already` });
    await tx.db.insertInto('channels').values(row).execute();
  });
  return { id: row.id, externalId: row.external_id };
}

function externalIdOf(rt: AdminRuntime, kind: ChannelKind, config: unknown): string {
  if (kind === 'web') return `web_${Buffer.from(rt.randomBytes(KEY_BYTES)).toString('base64url')}`;
  const adapter = channelAdapters.get(kind);
  if (!adapter) throw new ContinuoError('bad_request', { detail: `There is no channel of the kind ${kind}` });
  try {
    return adapter.account(config).accountId;
  } catch (cause) {
    if (!(cause instanceof ChannelError)) throw cause;
    throw new ContinuoError('bad_request', { detail: cause.message }, { cause });
  }
}
