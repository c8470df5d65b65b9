import { CommanderError } from 'commander';
import { ConfigError } from '../config/check.ts';
import { ContinuoError } from '../errors.ts';

/** Exit codes: 1 when what was asked failed, 2 when it was asked wrongly. */
export const EXIT = { failed: 1, wrong: 2 } as const;

/** Input that the command line cannot use. */
export class UsageError extends Error {
  readonly code = 'usage';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

const lines = (text: string): string[] => text.split('\n').map((line) => `continuo: ${line}`);

/** What to print and how to exit. Commander has printed its own errors already. */
export function describeFailure(error: unknown): { lines: string[]; exitCode: number } {
  if (error instanceof CommanderError) {
    return { lines: [], exitCode: error.exitCode === 0 ? 0 : EXIT.wrong };
  }
  if (error instanceof ConfigError || error instanceof UsageError) {
    return { lines: lines(error.message), exitCode: EXIT.wrong };
  }
  if (error instanceof ContinuoError) {
    const wrong = error.code === 'bad_request';
    return { lines: lines(error.message), exitCode: wrong ? EXIT.wrong : EXIT.failed };
  }
  return { lines: lines(error instanceof Error ? error.message : String(error)), exitCode: EXIT.failed };
}
