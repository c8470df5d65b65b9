import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { LIMITS } from '@continuo/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ContinuoError } from '../errors.ts';
import { toDer } from './der.ts';
import { createReplayCache } from './replay-cache.ts';

/** What a proof is checked against. */
export interface ProofRequest {
  method: string;
  /** The request's target as it came: a path, perhaps with a query. */
  url: string;
  /** As the client named it, with a port if not the default one. */
  host: string;
  protocol: string;
  /** The `DPoP` header. */
  proof: string | undefined;
}

/** Checks DPoP proofs (RFC 9449), each of which works once. */
export interface ProofChecker {
  /**
   * The RFC 7638 thumbprint of the key that signed the proof. With a `token`, the proof must carry its hash (`ath`).
   * @throws ContinuoError `proof_invalid`, `proof_stale` (with `serverTime`), or `rate_limited` when no more proofs can be remembered
   */
  check(request: ProofRequest, token: string | null): Promise<string>;
}

const HEADER_MAX = 2048;
const KEYS_MAX = 2000;
const REPLAY_CAPACITY = 200_000;
/** Members of a JWK that are secret (RFC 7518, 6.2.2, 6.3.2 and 6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
/** The compact serialisation (RFC 7515, 7.1), with the 64 bytes of an ES256 signature (RFC 7518, 3.4). */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;

const coordinate = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const ProofHeader = Compile(
  Type.Object({
    typ: Type.Literal('dpop+jwt'),
    alg: Type.Literal('ES256'),
    jwk: Type.Object({
      kty: Type.Literal('EC'),
      crv: Type.Literal('P-256'),
      x: coordinate,
      y: coordinate,
    }),
  }),
);
const ProofClaims = Compile(
  Type.Object({
    jti: Type.String({ minLength: 8, maxLength: 64 }),
    htm: Type.String(),
    htu: Type.String({ maxLength: 1024 }),
    iat: Type.Number(),
    ath: Type.Optional(Type.String()),
  }),
);

const invalid = (detail: string): ContinuoError => new ContinuoError('proof_invalid', { detail });

interface DeviceKey {
  key: KeyObject;
  thumbprint: string;
}

type Point = Record<'x' | 'y', string>;

/** RFC 7638: the required members in the order of their names. `x` and `y` are base64url, so nothing needs escaping. */
const thumbprintOf = ({ x, y }: Point): string =>
  hash('sha256', `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`, 'base64url');

/** @throws ContinuoError `proof_invalid` when the point is not on the curve */
const importKey = ({ x, y }: Point): KeyObject => {
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    throw invalid('The key of the proof is not a key.');
  }
};

const toDevice = (point: Point): DeviceKey => ({ key: importKey(point), thumbprint: thumbprintOf(point) });

const parsePart = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return null;
  }
};

const parseHeader = (part: string): Point => {
  const header = parsePart(part);
  if (!ProofHeader.Check(header)) {
    throw invalid('The proof must be a dpop+jwt, signed by ES256, with a public P-256 key as its jwk.');
  }
  // RFC 7515, 4.1.11: what must be understood and is not makes the whole invalid. None is understood here.
  if ('crit' in header || 'b64' in header)
    throw invalid('The proof uses an extension that is not known here.');
  if (PRIVATE_MEMBERS.some((member) => member in header.jwk)) {
    throw invalid('The proof carries a private key. Never send one.');
  }
  return header.jwk;
};

/**
 * Devices by the header of their proofs, the most lately heard ones: a device writes the same one each time, and reading
 * it and importing its key costs as much as verifying a signature.
 */
const createDeviceCache = () => {
  const devices = new Map<string, DeviceKey>();
  return (header: string): DeviceKey => {
    const known = devices.get(header);
    if (known) devices.delete(header);
    const device = known ?? toDevice(parseHeader(header));
    devices.set(header, device);
    const oldest = devices.keys().next();
    if (devices.size > KEYS_MAX && !oldest.done) devices.delete(oldest.value);
    return device;
  };
};

const parseClaims = (part: string) => {
  const claims = parsePart(part);
  if (!ProofClaims.Check(claims))
    throw invalid('The proof needs jti (8 to 64 characters), htm, htu and iat.');
  return claims;
};

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

/** The request's address under `base`, without query and fragment. */
const addressUnder = (base: string, url: string): string | null => {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const parsed = URL.parse(`${base}${path}`);
  return parsed && `${parsed.origin}${parsed.pathname}`;
};

/**
 * Is `htu` this request's address (RFC 9449, 4.3 check 9)? It is compared with the public address; and, for a
 * server reached on the machine itself (development, tests, a tunnel), with the loopback host that was asked.
 */
const isAddressOf = (htu: string, request: ProofRequest, publicUrl: string): boolean => {
  // What nearly every client sends: then nothing has to be taken apart.
  if (htu === `${publicUrl}${request.url.split(/[?#]/, 1)[0]}`) return true;
  const named = URL.parse(htu);
  if (named === null) return false;
  const address = `${named.origin}${named.pathname}`;
  if (address === addressUnder(publicUrl, request.url)) return true;
  const own = URL.parse(`${request.protocol}://${request.host}`);
  return own !== null && isLoopback(own.hostname) && address === addressUnder(own.origin, request.url);
};

const athOf = (token: string): string => hash('sha256', token, 'base64url');

/** Makes the checker of one process. Its memory of used proofs is its own: one proof works once on each process. */
export const createProofChecker = (deps: {
  publicUrl: string;
  now: () => number;
  /** @default 200000 */
  capacity?: number;
}): ProofChecker => {
  const deviceOf = createDeviceCache();
  const used = createReplayCache({ now: deps.now, capacity: deps.capacity ?? REPLAY_CAPACITY });
  const skewMs = LIMITS.proofSkewSeconds * 1000;

  /** In this thread: handing it to another costs more than the verification itself, which takes 0.07 ms. */
  const open = (proof: string) => {
    const [, header = '', payload = '', signature = ''] = COMPACT.exec(proof) ?? [];
    if (signature === '') throw invalid('The DPoP header is not a JWS.');
    const device = deviceOf(header);
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify('sha256', signed, device.key, toDer(Buffer.from(signature, 'base64url'))))
      throw invalid('The signature of the proof is wrong.');
    return { claims: parseClaims(payload), thumbprint: device.thumbprint };
  };

  return {
    async check(request, token) {
      const { proof } = request;
      if (proof === undefined || proof.length > HEADER_MAX) throw invalid('One DPoP header is needed.');
      const { claims, thumbprint } = open(proof);
      if (claims.htm !== request.method) throw invalid('htm is not the method of this request.');
      if (!isAddressOf(claims.htu, request, deps.publicUrl)) {
        throw invalid('htu is not the address of this request.');
      }
      const serverTime = deps.now();
      const issuedAt = claims.iat * 1000;
      if (!(Math.abs(issuedAt - serverTime) <= skewMs))
        throw new ContinuoError('proof_stale', { serverTime });
      // Both come from the client: there is no secret to be read from how long the comparison takes.
      if (token !== null && claims.ath !== athOf(token)) {
        throw invalid('ath is not the hash of the token.');
      }
      const taken = used.take(`${thumbprint}.${claims.jti}`, issuedAt + skewMs);
      if (taken === 'replayed') throw invalid('This proof was used before.');
      if (taken === 'full') throw new ContinuoError('rate_limited', { retryAfter: LIMITS.proofSkewSeconds });
      return thumbprint;
    },
  };
};
