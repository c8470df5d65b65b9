import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { columnTypesOf } from './column-types.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const of = (table: keyof Database) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(`${table}.id`);

/** The brand's own log-in: its secrets, whom it has named, and its tokens that were used. */
export const up = async (db: Kysely<Database>): Promise<void> => {
  const { text } = columnTypesOf(db);
  await db.schema
    .createTable('identity_secrets')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('secret', text, required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createIndex('identity_secrets_workspace')
    .on('identity_secrets')
    .column('workspace_id')
    .execute();
  await db.schema
    .createTable('brand_users')
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('user_id', text, required)
    .addColumn('customer_id', text, (column) => of('customers')(column).unique())
    .addColumn('name', text)
    .addColumn('email', text)
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('brand_users_key', ['workspace_id', 'user_id'])
    .execute();
  await db.schema
    .createTable('identity_tokens')
    .addColumn('workspace_id', text, required)
    .addColumn('token_hash', text, required)
    .addColumn('key_thumbprint', text, required)
    .addColumn('expires_at', 'bigint', required)
    .addPrimaryKeyConstraint('identity_tokens_key', ['workspace_id', 'token_hash'])
    .execute();
  await db.schema.createIndex('identity_tokens_expires').on('identity_tokens').column('expires_at').execute();
};
