import type { Environment } from '../environment/environment.ts';

type Crypto = Environment['crypto'];

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const REPLACED: Record<string, string> = { '+': '-', '/': '_', '=': '' };

const base64url = (bytes: ArrayBuffer | ArrayBufferView<ArrayBuffer>) =>
  btoa(String.fromCharCode(...new Uint8Array('buffer' in bytes ? bytes.buffer : bytes))).replace(
    /[+/=]/g,
    (character) => REPLACED[character] ?? '',
  );

const utf8 = (text: string) => new TextEncoder().encode(text);
const part = (value: unknown) => base64url(utf8(JSON.stringify(value)));

/** 128 random bits as 22 URL-safe characters. */
export const randomId = (crypto: Crypto): string => base64url(crypto.getRandomValues(new Uint8Array(16)));

/** A new ES256 key whose private half cannot be read out. */
export const createKey = ({ subtle }: Crypto): Promise<CryptoKeyPair> =>
  subtle.generateKey(ECDSA, false, ['sign', 'verify']);

/** What a proof is about. */
export interface ProofInput {
  key: CryptoKeyPair;
  method: string;
  url: string;
  /** Epoch milliseconds, server's clock. */
  at: number;
  token: string | undefined;
}

/** A DPoP proof (RFC 9449 §4.2): a JWT that binds one request to the device's key, and to the session's token if there is one. */
export const createProof = async (
  crypto: Crypto,
  { key, method, url, at, token }: ProofInput,
): Promise<string> => {
  const { subtle } = crypto;
  const { kty, crv, x, y } = await subtle.exportKey('jwk', key.publicKey);
  const header = part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } });
  const claims = part({
    jti: randomId(crypto),
    htm: method,
    htu: url.split(/[?#]/)[0],
    iat: Math.floor(at / 1000),
    ath: token && base64url(await subtle.digest('SHA-256', utf8(token))),
  });
  const signed = `${header}.${claims}`;
  return `${signed}.${base64url(await subtle.sign(ECDSA, key.privateKey, utf8(signed)))}`;
};
