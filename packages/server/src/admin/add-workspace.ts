import { parseWorkspaceSettings } from '../config/workspace-settings.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

/** What the operator's acts need of the runtime. */
export type AdminRuntime = Pick<
  Runtime,
  'config' | 'store' | 'secrets' | 'log' | 'now' | 'newId' | 'randomBytes'
>;

/** A name that people see: trimmed, 1 to 100 characters. @throws ContinuoError `bad_request` */
export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length > 0 && trimmed.length <= 100) return trimmed;
  throw new ContinuoError('bad_request', { detail: 'name must be 1 to 100 characters' });
}

/**
 * Adds a brand.
 * @param input `settings`: see `WorkspaceSettings`; what is left out has its default
 * @throws ContinuoError `bad_request` naming what does not fit
 */
export async function addWorkspace(
  rt: AdminRuntime,
  input: { name: string; settings?: unknown },
): Promise<{ id: string }> {
  const id = rt.newId('wsp');
  const name = checkName(input.name);
  const settings = JSON.stringify(parseWorkspaceSettings(input.settings ?? {}));
  await rt.store.write(async (tx) => {
    await tx.db.insertInto('workspaces').values({ id, name, settings, created_at: rt.now() }).execute();
  });
  return { id };
}

/** @throws ContinuoError `not_found` naming the workspace */
export async function requireWorkspace(rt: AdminRuntime, workspaceId: string): Promise<void> {
  const row = await rt.store.db
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', workspaceId)
    .executeTakeFirst();
  if (!row) throw new ContinuoError('not_found', { detail: `There is no workspace ${workspaceId}` });
}

/**
 * Changes a brand's settings, of a running server too; those that are not named stay as they are.
 * @throws ContinuoError `bad_request` naming what does not fit; `not_found`
 */
export async function changeSettings(
  rt: AdminRuntime,
  workspaceId: string,
  changes: Record<string, unknown>,
): Promise<void> {
  await rt.store.write(async ({ db }) => {
    const row = await db
      .selectFrom('workspaces')
      .select('settings')
      .where('id', '=', workspaceId)
      .executeTakeFirst();
    if (!row) throw new ContinuoError('not_found', { detail: `There is no workspace ${workspaceId}` });
    const settings = parseWorkspaceSettings({ ...JSON.parse(row.settings), ...changes });
    await db
      .updateTable('workspaces')
      .set({ settings: JSON.stringify(settings) })
      .where('id', '=', workspaceId)
      .execute();
  });
}
