import { errors, jwtVerify } from 'jose';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

/** The longest life of a token, and how far its clock may be from ours (s). */
const LIFE_S = 3600;
const TOLERANCE_S = 60;

const line = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

const IdentityClaims = Type.Object({
  sub: line(128),
  aud: Type.String(),
  exp: Type.Number(),
  iat: Type.Number(),
  jti: Type.Optional(line(128)),
  name: Type.Optional(line(200)),
  email: Type.Optional(line(254)),
  picture: Type.Optional(Type.String({ maxLength: 2048, pattern: '^https://[^\\s]+$' })),
  locale: Type.Optional(line(35)),
});
/** What the brand says of its user, as it was signed. */
export type IdentityClaims = Static<typeof IdentityClaims>;

const claimsType = Compile(IdentityClaims);

const invalid = (detail: string): ContinuoError => new ContinuoError('identity_invalid', { detail });

const payloadBy = async (rt: Runtime, token: string, secret: string): Promise<unknown> => {
  const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
    algorithms: ['HS256'],
    requiredClaims: ['sub', 'aud', 'iat', 'exp'],
    currentDate: new Date(rt.now()),
    clockTolerance: TOLERANCE_S,
  });
  return payload;
};

/** By the first secret that fits: the brand changes from one to the other while both are good. */
const payloadOf = async (rt: Runtime, token: string, secrets: readonly string[]): Promise<unknown> => {
  for (const secret of secrets) {
    try {
      return await payloadBy(rt, token, secret);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      throw invalid(
        error instanceof errors.JWTExpired ? 'The token ran out.' : 'The token is not a good JWT.',
      );
    }
  }
  throw invalid('The token is not signed with a secret of this workspace.');
};

/** Public keys of the workspace's web channels, and its secrets. */
const known = async (rt: Runtime, workspaceId: string) => {
  const { db } = rt.store;
  const [channels, secrets] = await Promise.all([
    db
      .selectFrom('channels')
      .select('external_id')
      .where('workspace_id', '=', workspaceId)
      .where('kind', '=', 'web')
      .execute(),
    db.selectFrom('identity_secrets').select('secret').where('workspace_id', '=', workspaceId).execute(),
  ]);
  return {
    channels: channels.map(({ external_id }) => external_id),
    secrets: secrets.map(({ secret }) => rt.secrets.open(secret)),
  };
};

/**
 * What a brand's token says, once it is certain that the brand of this workspace has signed it, for one of its web channels,
 * for now, and for an hour at most.
 * @throws ContinuoError `identity_invalid`
 */
export const verifyIdentity = async (
  rt: Runtime,
  { workspaceId, token }: { workspaceId: string; token: string },
): Promise<IdentityClaims> => {
  const { channels, secrets } = await known(rt, workspaceId);
  const claims = await payloadOf(rt, token, secrets);
  if (!claimsType.Check(claims)) {
    const [error] = claimsType.Errors(claims);
    throw invalid(`The token's claims do not fit: ${error?.instancePath ?? ''} ${error?.message ?? ''}`);
  }
  if (!channels.includes(claims.aud)) throw invalid('The token is for another channel.');
  const latest = rt.now() / 1000 + LIFE_S + TOLERANCE_S;
  if (claims.exp - claims.iat > LIFE_S || claims.exp > latest) {
    throw invalid(`The token lives longer than ${LIFE_S} s.`);
  }
  return claims;
};
