import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { columnTypesOf } from './column-types.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Files that people send. Their bytes are in the store of files; here is what they are, and to which message they belong. */
export const up = async (db: Kysely<Database>): Promise<void> => {
  const { text } = columnTypesOf(db);
  await db.schema
    .createTable('files')
    .addColumn('conversation_id', text, (column) => column.notNull().references('conversations.id'))
    .addColumn('id', text, required)
    .addColumn('workspace_id', text, (column) => column.notNull().references('workspaces.id'))
    .addColumn('stored_as', text, required)
    .addColumn('owner', text, required)
    .addColumn('name', text, required)
    .addColumn('media_type', text, required)
    .addColumn('size', 'bigint', required)
    .addColumn('received', 'bigint', required)
    .addColumn('width', 'integer')
    .addColumn('height', 'integer')
    .addColumn('duration_ms', 'bigint')
    .addColumn('seq', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addPrimaryKeyConstraint('files_key', ['conversation_id', 'id'])
    .execute();
  await db.schema.createIndex('files_created').on('files').columns(['workspace_id', 'created_at']).execute();
  await db.schema
    .createIndex('files_unsent')
    .on('files')
    .column('updated_at')
    .where(sql.ref('seq'), 'is', null)
    .execute();
};
