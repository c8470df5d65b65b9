import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/* How far the assignee's inbox has received, so that customers see that their message was delivered. */
export const up = async (db: Kysely<Database>): Promise<void> => {
  await db.schema
    .alterTable('conversations')
    .addColumn('agent_received', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
};
