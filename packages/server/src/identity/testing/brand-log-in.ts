import { addIdentitySecret } from '../../admin/identity-secrets.ts';
import { WEB_KEY, WORKSPACE } from '../../sessions/testing/brand.ts';
import type { Device } from '../../sessions/testing/device.ts';
import type { Answer, World } from '../../sessions/testing/world.ts';
import { type IdentityUser, signIdentity } from '../sign-identity.ts';

/** The brand's backend in a test. */
export interface BrandLogIn {
  secret: string;
  /** A token as the brand signs it now. */
  sign(user: IdentityUser): Promise<string>;
  /** `POST /v1/session/identify` */
  identify(device: Device, session: { token: string }, token: string): Promise<Answer>;
}

export const createBrandLogIn = async (world: World): Promise<BrandLogIn> => {
  const { secret } = await addIdentitySecret(world.rt, { workspaceId: WORKSPACE });
  return {
    secret,
    sign: (user) => signIdentity({ secret, channel: WEB_KEY, user, now: world.now() }),
    identify: (device, session, token) =>
      world.call(device, 'POST /v1/session/identify', { token: session.token, body: { token } }),
  };
};
