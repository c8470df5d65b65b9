import type { Config } from '../config/config.ts';
import { UsageError } from './exit.ts';

/** @param instead what to do on PostgreSQL, a line each. @throws UsageError with it where that is the engine */
export function requireEmbedded({ databaseUrl }: Config, instead: readonly string[]): void {
  if (databaseUrl !== null) throw new UsageError(instead.join('\n'));
}
