import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { toDer } from './der.ts';
import { createProofChecker, type ProofRequest } from './dpop.ts';
import { athOf, createDevice, type Device, type ProofOf } from './testing/device.ts';

const NOW = Date.UTC(2026, 10, 22);
const TOKEN = 'A'.repeat(43);
const PUBLIC = 'https://chat.brand.example';
const URL_ = `${PUBLIC}/v1/session`;

let device: Device;
beforeAll(async () => {
  device = await createDevice();
});

const checker = (options: { publicUrl?: string; capacity?: number; now?: () => number } = {}) =>
  createProofChecker({ publicUrl: PUBLIC, now: () => NOW, ...options });

const request = (proof: string | undefined, over: Partial<ProofRequest> = {}): ProofRequest => ({
  method: 'GET',
  url: '/v1/session',
  host: 'chat.brand.example',
  protocol: 'https',
  proof,
  ...over,
});

const good = (over: Partial<ProofOf> = {}): Promise<string> =>
  device.prove({ method: 'GET', url: URL_, now: NOW, token: TOKEN, ...over });

test('a good proof gives the thumbprint of its key, with a token and without', async () => {
  const { check } = checker();
  expect(await check(request(await good()), TOKEN)).toBe(device.thumbprint);
  const bare = await device.prove({ method: 'GET', url: URL_, now: NOW });
  expect(await check(request(bare), null)).toBe(device.thumbprint);
});

describe('each field that is wrong is refused', () => {
  const table: [string, () => Promise<string | undefined>][] = [
    ['no proof', async () => undefined],
    ['not a JWS', async () => 'a.b.c'],
    ['two proofs in one header', async () => `${await good()}, ${await good()}`],
    ['too long', async () => good({ claims: { pad: 'x'.repeat(3000) } })],
    ['typ of another kind of JWT', () => good({ header: { typ: 'JWT' } })],
    ['no typ', () => good({ header: { typ: undefined } })],
    ['no key', () => good({ header: { jwk: undefined } })],
    ['a key on another curve', () => good({ header: { jwk: { ...device.publicJwk, crv: 'P-384' } } })],
    [
      'a point that is not on the curve',
      () => good({ header: { jwk: { ...device.publicJwk, y: 'A'.repeat(43) } } }),
    ],
    ['a private key', () => good({ header: { jwk: { ...device.publicJwk, d: 'A'.repeat(43) } } })],
    [
      'a symmetric key beside it',
      () => good({ header: { jwk: { ...device.publicJwk, k: 'A'.repeat(43) } } }),
    ],
    ['the key of someone else', async () => good({ header: { jwk: (await createDevice()).publicJwk } })],
    [
      'an extension that must be understood',
      () => good({ header: { crit: ['x'], x: 1 } }).catch(() => 'a.b.c'),
    ],
    ['another method', () => good({ claims: { htm: 'POST' } })],
    ['the method in lower case', () => good({ claims: { htm: 'get' } })],
    ['another path', () => good({ claims: { htu: `${PUBLIC}/v1/sessions` } })],
    ['another host', () => good({ claims: { htu: 'https://evil.example/v1/session' } })],
    ['another scheme', () => good({ claims: { htu: 'http://chat.brand.example/v1/session' } })],
    ['another port', () => good({ claims: { htu: 'https://chat.brand.example:8443/v1/session' } })],
    ['htu without a host', () => good({ claims: { htu: '/v1/session' } })],
    ['no htu', () => good({ claims: { htu: undefined } })],
    ['no htm', () => good({ claims: { htm: undefined } })],
    ['no jti', () => good({ claims: { jti: undefined } })],
    ['jti of 7 characters', () => good({ claims: { jti: 'x'.repeat(7) } })],
    ['jti of 65 characters', () => good({ claims: { jti: 'x'.repeat(65) } })],
    ['no iat', () => good({ claims: { iat: undefined } })],
    ['iat as text', () => good({ claims: { iat: '1' } })],
    ['no ath', () => good({ claims: { ath: undefined } })],
    ['ath of another token', () => good({ claims: { ath: athOf('B'.repeat(43)) } })],
    ['the token itself as ath', () => good({ claims: { ath: TOKEN } })],
  ];
  test.each(table)('%s', async (_name, make) => {
    await expect(checker().check(request(await make()), TOKEN)).rejects.toMatchObject({
      code: 'proof_invalid',
    });
  });

  test('an algorithm that is not ES256', async () => {
    for (const alg of ['RS256', 'ES384', 'EdDSA']) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
      const proof = await new SignJWT({
        jti: 'x'.repeat(12),
        htm: 'GET',
        htu: URL_,
        iat: NOW / 1000,
        ath: athOf(TOKEN),
      })
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
        .sign(privateKey);
      await expect(checker().check(request(proof), TOKEN)).rejects.toMatchObject({ code: 'proof_invalid' });
    }
    const none = [{ alg: 'none', typ: 'dpop+jwt', jwk: device.publicJwk }, { jti: 'x'.repeat(12) }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    await expect(checker().check(request(`${none}.`), TOKEN)).rejects.toMatchObject({
      code: 'proof_invalid',
    });
  });

  test('a changed payload', async () => {
    const [header, , signature] = (await good()).split('.');
    const payload = Buffer.from(
      JSON.stringify({ jti: 'x'.repeat(12), htm: 'GET', htu: URL_, iat: NOW / 1000 }),
    );
    const forged = `${header}.${payload.toString('base64url')}.${signature}`;
    await expect(checker().check(request(forged), null)).rejects.toMatchObject({ code: 'proof_invalid' });
  });
});

/** Signs whatever header it is given: libraries refuse to make some proofs. */
const handMade = (header: object, claims: object = {}): string => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const full = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x, y }, ...header };
  const payload = { jti: randomUUID(), htm: 'GET', htu: URL_, iat: NOW / 1000, ath: athOf(TOKEN), ...claims };
  const signed = [full, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
};

test('what a proof says must be understood is refused, however well it is signed', async () => {
  await checker().check(request(handMade({})), TOKEN);
  await checker().check(request(handMade({ x: 1 })), TOKEN);
  for (const header of [{ crit: ['x'], x: 1 }, { crit: [] }, { b64: false, crit: ['b64'] }, { b64: true }]) {
    await expect(checker().check(request(handMade(header)), TOKEN)).rejects.toMatchObject({
      code: 'proof_invalid',
    });
  }
});

test('a signature in another form, with padding, or with more after it', async () => {
  const proof = handMade({});
  const [header, payload, signature = ''] = proof.split('.');
  const der = toDer(Buffer.from(signature, 'base64url')).toString('base64url');
  for (const wrong of [der, `${signature}=`, `${signature}A`, signature.slice(0, -1), '', 'A'.repeat(86)]) {
    await expect(checker().check(request([header, payload, wrong].join('.')), TOKEN)).rejects.toMatchObject({
      code: 'proof_invalid',
    });
  }
  for (const wrong of [`${proof}.`, `.${proof}`, `${proof} `, proof.replace('.', '..')]) {
    await expect(checker().check(request(wrong), TOKEN)).rejects.toMatchObject({ code: 'proof_invalid' });
  }
  expect(await checker().check(request(proof), TOKEN)).toMatch(/^[\w-]{43}$/);
});

test('a clock that is too far off is told the time, on both sides of the limit', async () => {
  const { check } = checker();
  for (const seconds of [-60, 60]) {
    const proof = await good({ now: NOW + seconds * 1000 });
    expect(await check(request(proof), TOKEN)).toBe(device.thumbprint);
  }
  for (const seconds of [-61, 61]) {
    const proof = await good({ now: NOW + seconds * 1000 });
    await expect(check(request(proof), TOKEN)).rejects.toMatchObject({
      code: 'proof_stale',
      details: { serverTime: NOW },
    });
  }
});

test('query and fragment of the address do not count, neither in htu nor in the request', async () => {
  const { check } = checker();
  const proof = await good({ url: `${URL_}?a=1#b` });
  expect(await check(request(proof, { url: '/v1/session?offset=-1' }), TOKEN)).toBe(device.thumbprint);
});

test('behind a proxy the public address counts, host and default port in any spelling', async () => {
  const { check } = checker();
  const proof = await good({ url: 'https://CHAT.brand.example:443/v1/session' });
  expect(await check(request(proof, { host: '10.0.0.7:4400', protocol: 'http' }), TOKEN)).toBe(
    device.thumbprint,
  );
});

test('the host that was asked counts only when it is a loopback one', async () => {
  const { check } = checker();
  for (const host of ['localhost:4400', '127.0.0.1:4400', '[::1]:4400']) {
    const proof = await good({ url: `http://${host}/v1/session` });
    expect(await check(request(proof, { host, protocol: 'http' }), TOKEN)).toBe(device.thumbprint);
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example']) {
    const proof = await good({ url: `http://${host}/v1/session` });
    await expect(check(request(proof, { host, protocol: 'http' }), TOKEN)).rejects.toMatchObject({
      code: 'proof_invalid',
    });
  }
});

test('a proof works once, for as long as it would be accepted', async () => {
  let now = NOW;
  const { check } = checker({ now: () => now });
  const proof = await good({ now: NOW + 60_000 });
  await check(request(proof), TOKEN);
  for (const later of [0, 60_000, 119_000]) {
    now = NOW + later;
    await expect(check(request(proof), TOKEN)).rejects.toMatchObject({ code: 'proof_invalid' });
  }
  now = NOW + 121_000;
  await expect(check(request(proof), TOKEN)).rejects.toMatchObject({ code: 'proof_stale' });
});

test('the same jti of another key is another proof', async () => {
  const { check } = checker();
  const other = await createDevice();
  const claims = { jti: 'the-same-jti' };
  await check(request(await good({ claims })), TOKEN);
  const theirs = await other.prove({ method: 'GET', url: URL_, now: NOW, token: TOKEN, claims });
  expect(await check(request(theirs), TOKEN)).toBe(other.thumbprint);
});

test('at its bound the memory of proofs refuses new ones and forgets none', async () => {
  let now = NOW;
  const { check } = checker({ capacity: 2, now: () => now });
  const first = await good();
  await check(request(first), TOKEN);
  await check(request(await good()), TOKEN);
  await expect(check(request(await good()), TOKEN)).rejects.toMatchObject({ code: 'rate_limited' });
  await expect(check(request(first), TOKEN)).rejects.toMatchObject({ code: 'proof_invalid' });
  now = NOW + 95_000;
  expect(await check(request(await good({ now })), TOKEN)).toBe(device.thumbprint);
});
