import type { Told } from '../units.ts';

export interface SqliteOptions extends Told {
  /** The database's file; it and its two companions (`-wal`, `-shm`) are made where they do not exist. */
  path: string;
  /** Epoch milliseconds. */
  now: () => number;
}
