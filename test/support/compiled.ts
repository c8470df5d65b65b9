import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Node keeps what it has compiled, for the environment of a process: the many processes of a test run start in about
 * two thirds of the processor's time then. An own setting is kept.
 */
export const compiled = (): { NODE_COMPILE_CACHE: string } => ({
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'continuo-test-compiled'),
});
