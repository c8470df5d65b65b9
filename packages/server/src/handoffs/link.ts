import type { Kysely } from 'kysely';
import type { WorkspaceSettings } from '../config/config.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';

/**
 * The link that carries a token: a page of the brand, or the hosted page of its first web channel. The token is in the
 * fragment, which browsers send to no server.
 * @throws ContinuoError `conflict` when the workspace has no web channel to continue on
 */
export const linkFor = async (
  rt: Runtime,
  db: Kysely<Database>,
  input: { workspaceId: string; settings: WorkspaceSettings; token: string },
): Promise<string> => {
  const channel = await db
    .selectFrom('channels')
    .select('external_id')
    .where('workspace_id', '=', input.workspaceId)
    .where('kind', '=', 'web')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (channel === undefined) {
    throw new ContinuoError('conflict', { detail: 'The workspace has no web channel to continue on.' });
  }
  const page = input.settings.siteUrl ?? `${rt.config.publicUrl}/c/${channel.external_id}`;
  return `${page}#continuo=${input.token}`;
};
