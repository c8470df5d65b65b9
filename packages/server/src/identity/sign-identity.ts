import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/** A user of the brand. What is left out stays as it is known. */
export interface IdentityUser {
  /** The brand's own id for the user, at most 128 characters: it never changes and is never given to somebody else. */
  id: string;
  name?: string;
  email?: string;
  /** Address of a picture, `https://…`. */
  picture?: string;
  /** BCP 47. */
  locale?: string;
}

/** What {@link signIdentity} needs. */
export interface SignIdentity {
  /** From `continuo identity add`. It never leaves the brand's server. */
  secret: string;
  /** The web channel's public key: `web_…`. */
  channel: string;
  user: IdentityUser;
  /** Epoch milliseconds. @default Date.now() */
  now?: number;
  /** Seconds that the token is good for, at most 3600. @default 300 */
  expiresIn?: number;
}

/**
 * A token that tells Continuo who is logged in: a JWT (HS256) for the client's `identify(token)`. One device can use it.
 * Call it on the brand's server, for the user of the request's own session, and never for an id that the page sends.
 *
 * @example
 * app.get('/continuo-token', async (request) =>
 *   signIdentity({ secret, channel: 'web_abc', user: { id: request.user.id, name: request.user.name } }));
 */
export const signIdentity = ({
  secret,
  channel,
  user: { id, ...profile },
  now = Date.now(),
  expiresIn = 300,
}: SignIdentity): Promise<string> => {
  const iat = Math.floor(now / 1000);
  return new SignJWT({ ...profile, jti: randomUUID() })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(id)
    .setAudience(channel)
    .setIssuedAt(iat)
    .setExpirationTime(iat + expiresIn)
    .sign(new TextEncoder().encode(secret));
};
