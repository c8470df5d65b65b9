import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { columnTypesOf } from './column-types.ts';

/* The session whose device asked for a link to go on elsewhere: the link ends with it, and shows no more than it sees. */
export const up = async (db: Kysely<Database>): Promise<void> => {
  const { text } = columnTypesOf(db);
  await db.schema.alterTable('handoffs').addColumn('session_id', text).execute();
  await db.schema.createIndex('handoffs_session').on('handoffs').column('session_id').execute();
};
