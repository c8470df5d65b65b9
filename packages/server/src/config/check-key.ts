import type { Runtime } from '../runtime.ts';
import { ConfigError } from './check.ts';

/**
 * Several nodes share one database and must share one secret key: a key that a node made for itself opens nothing of
 * the others'.
 * @throws ConfigError when what is sealed in the database was sealed under another key
 */
export const checkSecretKey = async ({
  store,
  secrets,
}: Pick<Runtime, 'store' | 'secrets'>): Promise<void> => {
  const sealed = await store.db.selectFrom('channels').select('config').limit(1).executeTakeFirst();
  if (!sealed) return;
  try {
    secrets.open(sealed.config);
  } catch {
    throw new ConfigError([
      'The secret key is not the one that the database was written with: give every node the same CONTINUO_SECRET_KEY',
    ]);
  }
};
