import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { columnTypesOf } from './column-types.ts';

/*
 * What comes after a conversation: how its cases were rated, transcripts by e-mail (counted, so that nobody is flooded),
 * and customers who asked to be erased.
 */
export const up = async (db: Kysely<Database>): Promise<void> => {
  const { text } = columnTypesOf(db);
  await db.schema.alterTable('cases').addColumn('rating', 'integer').execute();
  await db.schema.alterTable('cases').addColumn('rating_comment', text).execute();
  await db.schema.alterTable('customers').addColumn('erase_at', 'bigint').execute();
  await db.schema
    .createIndex('customers_erase')
    .on('customers')
    .column('erase_at')
    .where(sql.ref('erase_at'), 'is not', null)
    .execute();
  await db.schema
    .createTable('transcript_mails')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('conversation_id', text, (column) => column.notNull())
    .addColumn('address_hash', text, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('transcript_mails_at').on('transcript_mails').column('at').execute();
};
