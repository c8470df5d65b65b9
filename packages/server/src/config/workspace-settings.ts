import { Value } from 'typebox/value';
import { ContinuoError } from '../errors.ts';
import { findProblems, suggestion } from './check.ts';
import { type WorkspaceSettings, WorkspaceSettingsSchema } from './config.ts';

const known = Object.keys(WorkspaceSettingsSchema.properties);

/**
 * Settings with the defaults filled in.
 * @throws ContinuoError `bad_request` naming each key that does not fit
 */
export function parseWorkspaceSettings(input: unknown): WorkspaceSettings {
  const settings: unknown = Value.Default(WorkspaceSettingsSchema, Value.Clone(input));
  if (!Value.Check(WorkspaceSettingsSchema, settings))
    throw new ContinuoError('bad_request', { detail: describe(settings).join('\n') });
  const problem = settings.hours && problemOf(settings.hours);
  if (problem) throw new ContinuoError('bad_request', { detail: problem });
  return settings;
}

/** What a schema cannot tell of hours. */
function problemOf({ timeZone, week }: NonNullable<WorkspaceSettings['hours']>): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    return `settings.hours.timeZone must be a time zone such as Europe/Berlin, but is ${JSON.stringify(timeZone)}`;
  }
  const [day] =
    Object.entries(week).find(([, ranges]) => ranges.some(([from, until]) => from >= until)) ?? [];
  return day === undefined
    ? null
    : `settings.hours.week.${day}: each time must end after it begins (24:00 is midnight)`;
}

function describe(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return ['settings must be an object'];
  const unknownKeys = Object.keys(settings)
    .filter((key) => !known.includes(key))
    .map((key) => `settings.${key} is not a known setting${suggestion(key, known)}`);
  return [
    ...unknownKeys,
    ...findProblems(WorkspaceSettingsSchema, { ...settings }, (key) => `settings.${key}`),
  ];
}

/** The settings as a workspace's row keeps them. */
export const readWorkspaceSettings = (json: string): WorkspaceSettings =>
  parseWorkspaceSettings(JSON.parse(json));
