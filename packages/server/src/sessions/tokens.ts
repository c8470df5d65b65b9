import { hash, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../runtime.ts';

/** Bytes of a session's token and of a conversation token: 256 bits (OWASP ASVS 5.0, 7.2.3 asks for 128). */
const TOKEN_BYTES = 32;

/** A fresh secret: 43 characters of base64url. */
export const newToken = (randomBytes: RandomBytes): string =>
  Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url');

/** What is stored of a token: its SHA-256, hex. */
export const hashOf = (text: string): string => hash('sha256', text, 'hex');

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
