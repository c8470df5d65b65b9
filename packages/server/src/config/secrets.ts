import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContinuoError } from '../errors.ts';
import { ConfigError } from './check.ts';

/** Encrypts what must not lie readable in the database (channels' tokens): AES-256-GCM under the operator's key. */
export interface Secrets {
  seal(plain: string): string;
  /** @throws ContinuoError `internal` when the text was sealed under another key or was changed */
  open(sealed: string): string;
  /** A key of 32 bytes for another purpose, derived from the operator's key (HKDF-SHA-256, RFC 5869), in hex. */
  derive(purpose: string): string;
}

/** What a sealed text begins with: the version of its format. */
const PREFIX = 'v1.';
const KEY_BYTES = 32;
/** Bytes of nonce and tag that NIST SP 800-38D recommends for GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * @param dataDir where the key is kept when none is given: `secret.key`, made once, readable by its owner only
 * @param secretKey 32 bytes in base64, from `CONTINUO_SECRET_KEY`
 * @throws ConfigError when the key is not 32 bytes in base64
 */
export function createSecrets(dataDir: string, secretKey?: string): Secrets {
  const key = secretKey === undefined ? keyFromFile(dataDir) : parseKey(secretKey, 'CONTINUO_SECRET_KEY');
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed) => decrypt(key, sealed),
    derive: (purpose) => Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES)).toString('hex'),
  };
}

function decrypt(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
  try {
    if (!sealed.startsWith(PREFIX)) throw new Error('unknown format');
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), options);
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new ContinuoError(
      'internal',
      { detail: 'A sealed text cannot be opened: it was sealed under another secret key, or was changed' },
      { cause },
    );
  }
}

function parseKey(text: string, source: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new ConfigError([`${source} must be 32 bytes in base64`]);
  return key;
}

/** The file appears whole or not at all, and the first of two processes that start at once wins. */
function keyFromFile(dataDir: string): Buffer {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'secret.key');
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  } finally {
    rmSync(draft);
  }
  return parseKey(readFileSync(path, 'utf8'), path);
}

const isAlreadyThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';
