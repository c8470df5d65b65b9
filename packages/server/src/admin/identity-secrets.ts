import { ContinuoError } from '../errors.ts';
import { type AdminRuntime, requireWorkspace } from './add-workspace.ts';

/** Bytes of a secret: HS256 asks for no fewer (RFC 7518, 3.2). */
const SECRET_BYTES = 32;
/** As many as a rotation needs: the old one and the new one. */
const KEPT = 2;

/** What may be shown of a secret. */
export interface IdentitySecret {
  id: string;
  /** Epoch milliseconds. */
  createdAt: number;
}

/**
 * The secrets with which a brand may sign who is logged in, the oldest first.
 * @throws ContinuoError `not_found` for the workspace
 */
export async function listIdentitySecrets(
  rt: AdminRuntime,
  { workspaceId }: { workspaceId: string },
): Promise<IdentitySecret[]> {
  await requireWorkspace(rt, workspaceId);
  const rows = await rt.store.db
    .selectFrom('identity_secrets')
    .select(['id', 'created_at'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, created_at }) => ({ id, createdAt: created_at }));
}

/**
 * Makes a secret with which the brand's backend signs who is logged in, for `signIdentity`. It is kept sealed and shown here
 * only. To rotate: add the second, have the backend use it, then remove the first.
 * @throws ContinuoError `not_found` for the workspace; `conflict` when there are two already
 */
export async function addIdentitySecret(
  rt: AdminRuntime,
  { workspaceId }: { workspaceId: string },
): Promise<{ id: string; secret: string }> {
  await requireWorkspace(rt, workspaceId);
  const id = rt.newId('ids');
  const secret = Buffer.from(rt.randomBytes(SECRET_BYTES)).toString('base64url');
  await rt.store.write(async (tx) => {
    const known = await tx.db
      .selectFrom('identity_secrets')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .execute();
    if (known.length >= KEPT) {
      throw new ContinuoError('conflict', { detail: `There are ${KEPT} secrets already: remove one first` });
    }
    const row = { id, workspace_id: workspaceId, secret: rt.secrets.seal(secret), created_at: rt.now() };
    await tx.db.insertInto('identity_secrets').values(row).execute();
  });
  return { id, secret };
}

/**
 * Removes a secret: what is signed with it is refused from now on. Who is logged in stays so.
 * @throws ContinuoError `not_found`
 */
export async function removeIdentitySecret(rt: AdminRuntime, { id }: { id: string }): Promise<void> {
  await rt.store.write(async (tx) => {
    const row = await tx.db
      .deleteFrom('identity_secrets')
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    if (!row) throw new ContinuoError('not_found', { detail: `There is no identity secret ${id}` });
  });
}
