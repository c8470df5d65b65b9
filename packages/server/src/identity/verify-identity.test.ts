import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addWorkspace } from '../admin/add-workspace.ts';
import { addIdentitySecret, listIdentitySecrets, removeIdentitySecret } from '../admin/identity-secrets.ts';
import { WEB_KEY, WORKSPACE } from '../sessions/testing/brand.ts';
import { createWorld, type World } from '../sessions/testing/world.ts';
import { signIdentity } from './sign-identity.ts';
import { type BrandLogIn, createBrandLogIn } from './testing/brand-log-in.ts';
import { verifyIdentity } from './verify-identity.ts';

let world: World;
let brand: BrandLogIn;
beforeAll(async () => {
  world = await createWorld();
  brand = await createBrandLogIn(world);
});
afterAll(() => world.close());

const verify = (token: string) => verifyIdentity(world.rt, { workspaceId: WORKSPACE, token });
const key = (secret: string) => new TextEncoder().encode(secret);

/** A token by hand; `claims` replace what a good one says, `undefined` leaves a member out. */
const forge = (claims: object = {}, { alg = 'HS256', secret = brand.secret } = {}): Promise<string> => {
  const iat = world.now() / 1000;
  return new SignJWT({ sub: 'user-1', aud: WEB_KEY, iat, exp: iat + 300, ...claims })
    .setProtectedHeader({ alg })
    .sign(key(secret));
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('what the helper signs says who it is', async () => {
  const user = { id: 'user-1', name: 'Amina', email: 'amina@brand.example', locale: 'ar' };
  expect(await verify(await brand.sign(user))).toMatchObject({
    sub: 'user-1',
    aud: WEB_KEY,
    name: 'Amina',
    email: 'amina@brand.example',
    locale: 'ar',
    exp: world.now() / 1000 + 300,
  });
});

test('any JWT library of a backend will do', async () => {
  const iat = world.now() / 1000;
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '7', aud: WEB_KEY, iat, exp: iat + 60 })}`;
  const signature = createHmac('sha256', brand.secret).update(signed).digest('base64url');
  expect(await verify(`${signed}.${signature}`)).toMatchObject({ sub: '7' });
});

test.each<[string, () => Promise<string>]>([
  ['no signature (alg none)', async () => `${part({ alg: 'none' })}.${(await forge()).split('.')[1]}.`],
  ['another algorithm', () => forge({}, { alg: 'HS512', secret: brand.secret.repeat(2).slice(0, 64) })],
  ['HS512 under the right secret', () => forge({}, { alg: 'HS512' })],
  ['another secret', () => forge({}, { secret: 'x'.repeat(43) })],
  [
    'changed claims',
    async () => {
      const [head, , signature] = (await forge()).split('.');
      return `${head}.${part({ sub: 'admin', aud: WEB_KEY, iat: 0, exp: 9e9 })}.${signature}`;
    },
  ],
  ['expired', () => forge({ iat: world.now() / 1000 - 900, exp: world.now() / 1000 - 100 })],
  ['a life of more than an hour', () => forge({ exp: world.now() / 1000 + 3601 })],
  ['signed long ahead', () => forge({ iat: world.now() / 1000 + 3600, exp: world.now() / 1000 + 7000 })],
  ['another channel', () => forge({ aud: 'web_other' })],
  ['several channels', () => forge({ aud: [WEB_KEY, 'web_other'] })],
  ['no user', () => forge({ sub: undefined })],
  ['an empty user', () => forge({ sub: '' })],
  ['a user with control characters', () => forge({ sub: 'a\0b' })],
  ['a user that is too long', () => forge({ sub: 'x'.repeat(129) })],
  ['no end', () => forge({ exp: undefined })],
  ['no beginning', () => forge({ iat: undefined })],
  ['a picture that is a script', () => forge({ picture: 'javascript:alert(1)' })],
  ['no JWT', async () => 'user-1'],
])('is refused: %s', async (_, make) => {
  await expect(verify(await make())).rejects.toMatchObject({ code: 'identity_invalid' });
});

test('is refused: the secret of another workspace, for the channel of this one', async () => {
  const { id } = await addWorkspace(world.rt, { name: 'Other' });
  const { secret } = await addIdentitySecret(world.rt, { workspaceId: id });
  const token = await signIdentity({ secret, channel: WEB_KEY, user: { id: '1' }, now: world.now() });
  await expect(verify(token)).rejects.toMatchObject({ code: 'identity_invalid' });
});

test('a secret lies sealed in the database', async () => {
  const [row] = await world.rt.store.db.selectFrom('identity_secrets').select('secret').execute();
  expect(row?.secret).not.toContain(brand.secret);
});

test('two secrets are good at once; one that was removed is not', async () => {
  world.pass(1000);
  const next = await addIdentitySecret(world.rt, { workspaceId: WORKSPACE });
  const [old] = await listIdentitySecrets(world.rt, { workspaceId: WORKSPACE });
  const byNext = await forge({}, { secret: next.secret });
  expect(await verify(await forge())).toMatchObject({ sub: 'user-1' });
  expect(await verify(byNext)).toMatchObject({ sub: 'user-1' });
  await expect(addIdentitySecret(world.rt, { workspaceId: WORKSPACE })).rejects.toMatchObject({
    code: 'conflict',
  });
  await removeIdentitySecret(world.rt, { id: old?.id ?? '' });
  await expect(verify(await forge())).rejects.toMatchObject({ code: 'identity_invalid' });
  expect(await verify(byNext)).toMatchObject({ sub: 'user-1' });
});
