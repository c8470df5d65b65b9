import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { columnTypesOf } from './column-types.ts';

/** Who answers, and when: what an agent does, the first answer to a case, and the callback that a customer waits for. */
export const up = async (db: Kysely<Database>): Promise<void> => {
  const { text } = columnTypesOf(db);
  await db.schema.alterTable('agents').addColumn('role', text).execute();
  await db.schema
    .alterTable('agents')
    .addColumn('bot', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('conversations').addColumn('callback_id', text).execute();
  await db.schema.alterTable('cases').addColumn('answered_at', 'bigint').execute();
  await db.schema
    .createIndex('cases_answered')
    .on('cases')
    .column('answered_at')
    .where(sql.ref('answered_at'), 'is not', null)
    .execute();
};
