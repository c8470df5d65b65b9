import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/*
 * Nodes share what is to be sent and what came in: who takes a row says until when, so that the others leave it alone,
 * and take it over from one that died.
 */
export const up = async (db: Kysely<Database>): Promise<void> => {
  await db.schema.alterTable('deliveries').addColumn('taken_until', 'bigint').execute();
  await db.schema.alterTable('inbound').addColumn('taken_until', 'bigint').execute();
};
