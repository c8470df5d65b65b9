import { existsSync, readFileSync } from 'node:fs';
import { IsBoolean, IsInteger, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ConfigError, findProblems, suggestion } from './check.ts';
import { type Config, ConfigSchema, DEFAULT_PORT } from './config.ts';

/** The file that is read when none is named and it exists. */
const DEFAULT_CONFIG_FILE = 'continuo.json';

/** Environment variables that the command line reads besides the settings. */
const CLI_VARIABLES = ['CONTINUO_AGENT_PASSWORD', 'CONTINUO_CHANNEL_CONFIG'] as const;

/** Names without our prefix under which hosts give the same setting. */
const COMMON_VARIABLES: Readonly<Record<string, string>> = { port: 'PORT', databaseUrl: 'DATABASE_URL' };

type Source = Record<string, unknown>;

const keys = Object.keys(ConfigSchema.properties);

/** `publicUrl` → `CONTINUO_PUBLIC_URL` */
export const variableOf = (key: string): string =>
  `CONTINUO_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/**
 * The operator's settings: environment before file before defaults.
 * @param env such as `process.env`; reads `CONTINUO_*`, `PORT` and `DATABASE_URL`
 * @param file path of a JSON file; by default `continuo.json` in the working directory, if there is one
 * @throws ConfigError with a line for each key that is unknown or does not fit
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, file?: string): Config {
  const problems: string[] = [];
  const names = new Map<string, string>();
  const merged: Source = {
    ...readFile(file, { problems, names }),
    ...readEnvironment(env, { problems, names }),
  };
  const filled: unknown = Value.Default(ConfigSchema, { publicUrl: defaultUrl(merged.port), ...merged });
  const settings: Source = typeof filled === 'object' && filled !== null ? { ...filled } : {};
  problems.push(...findProblems(ConfigSchema, settings, (key) => names.get(key) ?? key));
  if (problems.length === 0 && Value.Check(ConfigSchema, settings)) return settings;
  throw new ConfigError(problems);
}

const defaultUrl = (port: unknown): string =>
  `http://localhost:${typeof port === 'number' ? port : DEFAULT_PORT}`;

/** Where problems are noted, and how each key was written by whoever wrote it. */
interface Notes {
  problems: string[];
  names: Map<string, string>;
}

function readFile(file: string | undefined, { problems, names }: Notes): Source {
  const path = file ?? DEFAULT_CONFIG_FILE;
  if (file === undefined && !existsSync(path)) return {};
  const content = parseFile(path, problems);
  const settings = Object.entries(content).filter(([key]) => {
    const allowed = keys.filter((name) => name !== 'secretKey');
    if (allowed.includes(key)) return true;
    problems.push(
      key === 'secretKey'
        ? `secretKey in ${path} is not allowed: a secret belongs in CONTINUO_SECRET_KEY`
        : `${key} in ${path} is not a known setting${suggestion(key, allowed)}`,
    );
    return false;
  });
  for (const [key] of settings) names.set(key, `${key} in ${path}`);
  return Object.fromEntries(settings);
}

function parseFile(path: string, problems: string[]): Source {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
    problems.push(`${path} must hold a JSON object`);
  } catch (error) {
    problems.push(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {};
}

function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { problems, names }: Notes,
): Source {
  const variables = keys.map(variableOf);
  const known: readonly string[] = [...variables, ...CLI_VARIABLES];
  for (const name of Object.keys(env)) {
    if (name.startsWith('CONTINUO_') && !known.includes(name)) {
      problems.push(`${name} is not a known setting${suggestion(name, known)}`);
    }
  }
  const settings: Source = {};
  for (const [key, schema] of Object.entries(ConfigSchema.properties)) {
    const common = env[variableOf(key)] === undefined ? COMMON_VARIABLES[key] : undefined;
    const name = common ?? variableOf(key);
    const given = env[name];
    if (given === undefined || given === '') continue;
    settings[key] = fromText(schema, given);
    names.set(key, name);
  }
  return settings;
}

/** A variable's text as its schema wants it; left as it is where it does not fit, for the check to name it. */
function fromText(schema: TSchema, text: string): unknown {
  if (IsInteger(schema) && /^-?\d+$/.test(text)) return Number(text);
  if (IsBoolean(schema) && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
