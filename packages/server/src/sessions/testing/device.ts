import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A customer's device in a test: a key, and the proofs that it signs. */
export interface Device {
  thumbprint: string;
  publicJwk: Record<string, unknown>;
  /** A proof for one request; `claims` and `header` replace what a good one says, `undefined` leaves a member out. */
  prove(request: ProofOf): Promise<string>;
}

export interface ProofOf {
  method: string;
  url: string;
  /** Epoch milliseconds. */
  now: number;
  token?: string;
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
}

export const athOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export const createDevice = async (): Promise<Device> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)) };
  return {
    thumbprint: await calculateJwkThumbprint(publicJwk),
    publicJwk,
    prove({ method, url, now, token, claims, header }) {
      const payload = {
        jti: randomUUID(),
        htm: method,
        htu: url,
        iat: Math.floor(now / 1000),
        ...(token !== undefined && { ath: athOf(token) }),
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicJwk, ...header })
        .sign(privateKey);
    },
  };
};
