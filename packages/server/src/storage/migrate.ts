import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';

/** What the migrator says where a migration has run that is not among ours: a newer version made it. */
const NEWER = /previously executed migration (\S+) is missing/;

const explain = (error: unknown): Error => {
  const [, name] = NEWER.exec(error instanceof Error ? error.message : '') ?? [];
  if (name === undefined)
    return error instanceof Error ? error : new Error('the migration failed', { cause: error });
  const words = `the database was written by a newer version (it has ${name}): run that one, or a newer one`;
  return new Error(words, { cause: error });
};

/**
 * Brings the tables up to date. Each start runs it; it does nothing where nothing is missing.
 *
 * @throws Error when a migration failed (nothing of it stays), or the database is newer than this server
 */
export const migrate = async (db: Kysely<Database>): Promise<void> => {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw explain(error);
};
