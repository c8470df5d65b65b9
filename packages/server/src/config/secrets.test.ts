import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from './check.ts';
import { createSecrets } from './secrets.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'continuo-secrets-'));
const KEY = Buffer.alloc(32, 7).toString('base64');

test('what was sealed opens again, and looks different each time', () => {
  const secrets = createSecrets(folder(), KEY);
  const sealed = secrets.seal('a page token');
  expect(sealed).not.toContain('a page token');
  expect(secrets.seal('a page token')).not.toBe(sealed);
  expect(secrets.open(sealed)).toBe('a page token');
});

test('what was changed, cut, or sealed under another key does not open', () => {
  const secrets = createSecrets(folder(), KEY);
  const sealed = secrets.seal('a page token');
  const changed = sealed.slice(0, 30) + (sealed[30] === 'A' ? 'B' : 'A') + sealed.slice(31);
  for (const text of [changed, sealed.slice(0, 30), sealed.slice(3), 'v1.', '']) {
    expect(() => secrets.open(text)).toThrow(expect.objectContaining({ code: 'internal' }));
  }
  const other = createSecrets(folder(), Buffer.alloc(32, 8).toString('base64'));
  expect(() => other.open(sealed)).toThrow(expect.objectContaining({ code: 'internal' }));
});

test('the key is made once, and only its owner may read it', () => {
  const dataDir = join(folder(), 'data');
  const sealed = createSecrets(dataDir).seal('x');
  expect(createSecrets(dataDir).open(sealed)).toBe('x');
  expect(readdirSync(dataDir)).toEqual(['secret.key']);
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
});

test('a key file that was cut is refused, not replaced', () => {
  const dataDir = folder();
  writeFileSync(join(dataDir, 'secret.key'), 'AAAA');
  expect(() => createSecrets(dataDir)).toThrow(ConfigError);
});

test('keys for other purposes are stable and differ', () => {
  const secrets = createSecrets(folder(), KEY);
  expect(secrets.derive('a')).toBe(createSecrets(folder(), KEY).derive('a'));
  expect(secrets.derive('a')).not.toBe(secrets.derive('b'));
  expect(secrets.derive('a')).toMatch(/^[0-9a-f]{64}$/);
});
