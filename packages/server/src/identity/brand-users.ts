import type { Kysely } from 'kysely';
import type { Runtime } from '../runtime.ts';
import type { BrandUserTable, Database } from '../storage/schema.ts';
import type { Tx } from '../storage/store.ts';
import type { IdentityClaims } from './verify-identity.ts';

/** The user of the brand that a customer is; undefined where no log-in has said so. */
export const userOf = (db: Kysely<Database>, customerId: string): Promise<BrandUserTable | undefined> =>
  db.selectFrom('brand_users').selectAll().where('customer_id', '=', customerId).executeTakeFirst();

/** The customer that a user of the brand is. */
export const findUser = (
  db: Kysely<Database>,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<BrandUserTable | undefined> =>
  db
    .selectFrom('brand_users')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst();

/** A customer becomes this user of the brand. */
export const createUser = async (
  rt: Runtime,
  tx: Tx,
  input: { workspaceId: string; userId: string; customerId: string },
): Promise<BrandUserTable> =>
  tx.db
    .insertInto('brand_users')
    .values({
      workspace_id: input.workspaceId,
      user_id: input.userId,
      customer_id: input.customerId,
      name: null,
      email: null,
      created_at: rt.now(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();

/** The user goes along where their customer's conversation goes. */
export const moveUser = async (tx: Tx, { from, into }: { from: string; into: string }): Promise<void> => {
  await tx.db.updateTable('brand_users').set({ customer_id: into }).where('customer_id', '=', from).execute();
};

/** Takes in what the brand says of its user. The customer's name is the brand's, unless another was known first. */
export const noteProfile = async (
  tx: Tx,
  { user, customerId, claims }: { user: BrandUserTable; customerId: string; claims: IdentityClaims },
): Promise<{ name: string | null }> => {
  const { name = user.name, email = user.email, picture = null, locale = null } = claims;
  await tx.db
    .updateTable('brand_users')
    .set({ name, email })
    .where('workspace_id', '=', user.workspace_id)
    .where('user_id', '=', user.user_id)
    .execute();
  const before = await tx.db
    .selectFrom('customers')
    .select(['name', 'picture_url', 'locale'])
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow();
  const isBrands = before.name === null || before.name === user.name;
  const next = {
    name: isBrands ? name : before.name,
    picture_url: before.picture_url ?? picture,
    locale: before.locale ?? locale,
  };
  await tx.db.updateTable('customers').set(next).where('id', '=', customerId).execute();
  return { name: next.name };
};
