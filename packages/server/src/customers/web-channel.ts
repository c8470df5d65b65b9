import type { Kysely } from 'kysely';
import type { Config, WorkspaceSettings } from '../config/config.ts';
import { readWorkspaceSettings } from '../config/workspace-settings.ts';
import { ContinuoError } from '../errors.ts';
import type { Database } from '../storage/schema.ts';

/** A web channel and the workspace that it belongs to. */
export interface WebChannelRow {
  id: string;
  name: string;
  workspaceId: string;
  workspaceName: string;
  settings: WorkspaceSettings;
}

/**
 * The web channel with this public key.
 * @throws ContinuoError `not_found`
 */
export const findWebChannel = async (db: Kysely<Database>, channelKey: string): Promise<WebChannelRow> => {
  const row = await db
    .selectFrom('channels')
    .innerJoin('workspaces', 'workspaces.id', 'channels.workspace_id')
    .select([
      'channels.id',
      'channels.name',
      'workspaces.id as workspaceId',
      'workspaces.name as workspaceName',
      'workspaces.settings',
    ])
    .where('channels.kind', '=', 'web')
    .where('channels.external_id', '=', channelKey)
    .executeTakeFirst();
  if (row === undefined) throw new ContinuoError('not_found');
  return { ...row, settings: readWorkspaceSettings(row.settings) };
};

/** The settings of a workspace that exists. */
export const workspaceSettings = async (
  db: Kysely<Database>,
  workspaceId: string,
): Promise<WorkspaceSettings> => {
  const { settings } = await db
    .selectFrom('workspaces')
    .select('settings')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return readWorkspaceSettings(settings);
};

/**
 * Refuses pages of foreign sites where the workspace lists its own. A request without `Origin` comes from no page (an
 * app, a script) and passes; the server's own pages and the site that links lead to always may.
 * @throws ContinuoError `forbidden`
 */
export const checkOrigin = (
  config: Config,
  settings: WorkspaceSettings,
  origin: string | undefined,
): void => {
  if (settings.allowedOrigins.length === 0 || origin === undefined) return;
  const allowed = new Set(settings.allowedOrigins);
  for (const url of [config.publicUrl, settings.siteUrl]) {
    const own = url === null ? null : URL.parse(url);
    if (own) allowed.add(own.origin);
  }
  if (!allowed.has(origin)) {
    throw new ContinuoError('forbidden', { detail: 'This site is not listed in the allowed origins.' });
  }
};
