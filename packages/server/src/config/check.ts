import { IsArray, IsBoolean, IsInteger, IsLiteral, IsUnion, type TObject, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** Thrown for settings that cannot be used; the message has a line for each. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** What a schema says of itself. */
export function annotationOf(schema: TSchema, name: 'title' | 'description'): string | null {
  const annotations: { title?: unknown; description?: unknown } = { ...schema };
  const text = annotations[name];
  return typeof text === 'string' ? text : null;
}

/** What a value has to be, in words: `a whole number from 0 to 65535`. */
function expectationOf(schema: TSchema): string {
  const title = annotationOf(schema, 'title');
  if (title) return title;
  if (IsInteger(schema)) return `a whole number${rangeOf(schema)}`;
  if (IsBoolean(schema)) return 'true or false';
  if (IsUnion(schema)) return `one of ${schema.anyOf.map(literalOf).join(', ')}`;
  return IsArray(schema) ? 'a list' : 'text that is not empty';
}

const literalOf = (schema: TSchema): string =>
  IsLiteral(schema) ? String(schema.const) : expectationOf(schema);

const rangeOf = (schema: TSchema): string => {
  const { minimum, maximum }: { minimum?: unknown; maximum?: unknown } = { ...schema };
  if (minimum === undefined) return '';
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
};

/** A value as an error shows it; what may be a secret is not shown. */
const shown = (key: string, value: unknown): string =>
  /secret|token|password|databaseUrl/i.test(key) ? 'something else' : JSON.stringify(value);

/** Every way in which `value` does not fit `schema`, a line each. `nameOf` gives the name that the writer used for a key. */
export function findProblems(
  schema: TObject,
  value: Readonly<Record<string, unknown>>,
  nameOf: (key: string) => string,
): string[] {
  return Object.entries(schema.properties).flatMap(([key, property]) => {
    const given = value[key];
    if (given === undefined) return isRequired(schema, key) ? [`${nameOf(key)} is missing`] : [];
    if (Value.Check(property, given)) return [];
    return [`${nameOf(key)} must be ${expectationOf(property)}, but is ${shown(key, given)}`];
  });
}

const isRequired = (schema: TObject, key: string): boolean =>
  'required' in schema && Array.isArray(schema.required) && schema.required.includes(key);

/** ` (did you mean "port"?)`, or nothing where no known name is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 4))
    .sort((a, b) => a.distance - b.distance);
  return best ? ` (did you mean ${best.candidate}?)` : '';
}

/** Levenshtein's distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
