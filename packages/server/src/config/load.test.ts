import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from './check.ts';
import { loadConfig } from './load.ts';

const fileWith = (content: unknown): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'continuo-config-')), 'continuo.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const problemsOf = (env: Record<string, string>, file?: string): readonly string[] => {
  try {
    loadConfig(env, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test('the defaults stand where nothing is said', () => {
  expect(loadConfig({}, fileWith({}))).toEqual({
    port: 4400,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:4400',
    dataDir: './data',
    databaseUrl: null,
    messengerApiUrl: 'https://graph.facebook.com/v25.0',
    trustProxy: false,
    logLevel: 'info',
    followDelayMs: 15_000,
    rateLimits: true,
  });
});

test('the environment comes before the file, and CONTINUO_PORT before PORT', () => {
  const file = fileWith({ port: 1, host: '0.0.0.0', rateLimits: false });
  const env = { PORT: '2', CONTINUO_PORT: '3', CONTINUO_TRUST_PROXY: 'true' };
  expect(loadConfig(env, file)).toMatchObject({
    port: 3,
    host: '0.0.0.0',
    rateLimits: false,
    trustProxy: true,
    publicUrl: 'http://localhost:3',
  });
  expect(loadConfig({ PORT: '2' }, file).port).toBe(2);
});

test('the database is taken from our own variable before the common one', () => {
  const [ours, common] = ['postgres://ours/continuo', 'postgresql://common/continuo'];
  const file = fileWith({});
  expect(loadConfig({ DATABASE_URL: common }, file).databaseUrl).toBe(common);
  expect(loadConfig({ DATABASE_URL: common, CONTINUO_DATABASE_URL: ours }, file).databaseUrl).toBe(ours);
});

test("a database's URL that does not fit is not shown, because it may hold a password", () => {
  const [problem] = problemsOf({ DATABASE_URL: 'mysql://root:hunter2@db/continuo' }, fileWith({}));
  expect(problem).toContain('DATABASE_URL must be a URL such as postgres://');
  expect(problem).not.toContain('hunter2');
});

test.each([
  [{ CONTINUO_PORT: 'abc' }, 'CONTINUO_PORT must be a whole number from 0 to 65535, but is "abc"'],
  [{ PORT: '99999' }, 'PORT must be a whole number from 0 to 65535, but is 99999'],
  [{ CONTINUO_TRUST_PROXY: 'yes' }, 'CONTINUO_TRUST_PROXY must be true or false, but is "yes"'],
  [
    { CONTINUO_LOG_LEVEL: 'loud' },
    'CONTINUO_LOG_LEVEL must be one of fatal, error, warn, info, debug, silent, but is "loud"',
  ],
  [
    { CONTINUO_PUBLIC_URL: 'https://chat.example.com/' },
    'CONTINUO_PUBLIC_URL must be an origin without a slash at the end, such as https://chat.example.com, but is "https://chat.example.com/"',
  ],
  [{ CONTINUO_DATADIR: './d' }, 'CONTINUO_DATADIR is not a known setting (did you mean CONTINUO_DATA_DIR?)'],
  [{ CONTINUO_WHATEVER: '1' }, 'CONTINUO_WHATEVER is not a known setting'],
])('the environment %j is refused with words', (env, message) => {
  expect(problemsOf(env, fileWith({}))).toEqual([message]);
});

test('a wrong key of the file is named with the file', () => {
  const file = fileWith({ prot: 1, followDelayMs: '15', secretKey: 'x' });
  expect(problemsOf({}, file)).toEqual([
    `prot in ${file} is not a known setting (did you mean port?)`,
    `secretKey in ${file} is not allowed: a secret belongs in CONTINUO_SECRET_KEY`,
    `followDelayMs in ${file} must be a whole number from 0 to 600000, but is "15"`,
  ]);
});

test('a file that is named and cannot be read is an error', () => {
  expect(problemsOf({}, '/nowhere/continuo.json')).toEqual([
    expect.stringContaining('/nowhere/continuo.json cannot be read'),
  ]);
  expect(problemsOf({}, fileWith('{'))).toEqual([expect.stringContaining('cannot be read')]);
  expect(problemsOf({}, fileWith([]))).toEqual([expect.stringContaining('must hold a JSON object')]);
});

test('a secret key that does not fit is not shown', () => {
  const [problem] = problemsOf({ CONTINUO_SECRET_KEY: 'hunter2' }, fileWith({}));
  expect(problem).toContain('CONTINUO_SECRET_KEY must be 32 bytes in base64');
  expect(problem).not.toContain('hunter2');
});
