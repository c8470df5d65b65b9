import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import { choreScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import type { IdentityClaims } from './verify-identity.ts';

/** How much later than it says a token may still be accepted (ms), with something to spare. */
const LATE_MS = 120_000;
const BATCH = 500;

/**
 * Takes a token that has a `jti` for one device; the same device may come again, because an answer may have been lost.
 * @throws ContinuoError `identity_invalid` when another device has used it
 */
export const useOnce = async (
  tx: Tx,
  { workspaceId, thumbprint, claims }: { workspaceId: string; thumbprint: string; claims: IdentityClaims },
): Promise<void> => {
  if (claims.jti === undefined) return;
  const key = { workspace_id: workspaceId, token_hash: hashOf(claims.jti) };
  const made = await tx.db
    .insertInto('identity_tokens')
    .values({ ...key, key_thumbprint: thumbprint, expires_at: Math.ceil(claims.exp * 1000) })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'token_hash']).doNothing())
    .returning('token_hash')
    .executeTakeFirst();
  if (made) return;
  const { key_thumbprint } = await tx.db
    .selectFrom('identity_tokens')
    .select('key_thumbprint')
    .where('workspace_id', '=', key.workspace_id)
    .where('token_hash', '=', key.token_hash)
    .executeTakeFirstOrThrow();
  if (key_thumbprint !== thumbprint) {
    throw new ContinuoError('identity_invalid', { detail: 'The token was used on another device.' });
  }
};

/** Forgets tokens that have run out. @returns whether more may be left */
export const forgetUsed = (rt: Runtime): Promise<boolean> =>
  rt.store.write(async ({ db }) => {
    const old = await db
      .selectFrom('identity_tokens')
      .select(['workspace_id', 'token_hash'])
      .where('expires_at', '<', rt.now() - LATE_MS)
      .limit(BATCH)
      .execute();
    for (const { workspace_id, token_hash } of old) {
      await db
        .deleteFrom('identity_tokens')
        .where('workspace_id', '=', workspace_id)
        .where('token_hash', '=', token_hash)
        .execute();
    }
    return old.length === BATCH;
  }, choreScope('forget identity tokens'));
