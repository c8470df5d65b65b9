import { UsageError } from './exit.ts';
import type { World } from './world.ts';

/** A JSON object given to an option. @throws UsageError without the text, which may hold secrets */
export function parseJson(source: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw new UsageError(`${source} must be JSON`);
  }
  throw new UsageError(`${source} must be a JSON object`);
}

/**
 * A secret from where it does not show in the list of processes: standard input, or else a variable.
 * @throws UsageError naming both ways
 */
export async function readSecret(
  world: World,
  { fromInput, option, variable }: { fromInput: boolean; option: string; variable: string },
): Promise<string> {
  const secret = fromInput ? (await world.readInput()).replace(/\r?\n$/, '') : (world.env[variable] ?? '');
  if (secret !== '') return secret;
  throw new UsageError(
    fromInput
      ? `${option}: standard input is empty`
      : `give it on standard input with ${option}, or in ${variable}: an argument would show in the list of processes`,
  );
}
