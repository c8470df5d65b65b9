import { join } from 'node:path';

/** Names in the data folder. */
export const NAMES = { database: 'continuo.db', key: 'secret.key', files: 'files' } as const;

/** What SQLite keeps beside a database that is open, or was not closed. */
export const COMPANIONS = ['-wal', '-shm'] as const;

export const databasePath = (dataDir: string): string => join(dataDir, NAMES.database);
