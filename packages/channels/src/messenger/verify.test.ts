import { expect, test } from 'vitest';
import { verify } from './verify.ts';

const config = {
  pageId: '7001',
  pageAccessToken: 't',
  appSecret: 'sesame',
  verifyToken: 'open the door',
  pageUsername: 'nimbus',
};

const post = (text: string, signature: string | undefined) =>
  verify(
    {
      method: 'POST',
      headers: { 'x-hub-signature-256': signature },
      query: {},
      body: new TextEncoder().encode(text),
    },
    config,
  );

const get = (query: Record<string, string>) =>
  verify({ method: 'GET', headers: {}, query, body: new Uint8Array() }, config);

test('agrees with the known answer for the key `sesame`', () => {
  const digest = 'f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17';
  expect(post('hello world', `sha256=${digest}`)).toEqual({ ok: true });
  expect(post('hello world', `sha256=${digest.toUpperCase()}`)).toEqual({ ok: true });
  expect(post('hello world!', `sha256=${digest}`)).toEqual({ ok: false, reason: 'signature_wrong' });
});

// Computed with openssl: printf '%s' '<body>' | openssl dgst -sha256 -hmac sesame
const ESCAPED = String.raw`{"text":"\u0633\u0644\u0627\u0645 caf\u00e9","url":"https:\/\/example.com\/a"}`;
const ESCAPED_DIGEST = 'd3481e61661a42c0cb4a9c5e635b1b531892892959d845ec36769ef789630571';

test('is over the bytes: escaped text and slashes stay as they came', () => {
  expect(post(ESCAPED, `sha256=${ESCAPED_DIGEST}`)).toEqual({ ok: true });
  const again = JSON.stringify(JSON.parse(ESCAPED));
  expect(post(again, `sha256=${ESCAPED_DIGEST}`)).toEqual({ ok: false, reason: 'signature_wrong' });
});

test.each([
  ['none', undefined, 'signature_missing'],
  ['an empty one', '', 'signature_malformed'],
  ['the old sha1 one', 'sha1=aff4b6e6a0b6ff0de0c0ba8e0b3eb4b7ec3a8e0f', 'signature_malformed'],
  ['one cut short', 'sha256=f39034', 'signature_malformed'],
  ['one without its name', 'f'.repeat(64), 'signature_malformed'],
  ['one that is not hex', `sha256=${'z'.repeat(64)}`, 'signature_malformed'],
  ['two in one', `sha256=${'0'.repeat(64)}, sha256=${'1'.repeat(64)}`, 'signature_malformed'],
])('refuses %s', (_name, signature, reason) => {
  expect(post('hello world', signature)).toEqual({ ok: false, reason });
});

test('answers the check of the address with the challenge as it came', () => {
  const query = {
    'hub.mode': 'subscribe',
    'hub.verify_token': 'open the door',
    'hub.challenge': '00123',
  };
  expect(get(query)).toEqual({ ok: true, challenge: '00123' });
  expect(get({ ...query, 'hub.verify_token': 'open the doo' }).ok).toBe(false);
  expect(get({ ...query, 'hub.verify_token': '' }).ok).toBe(false);
  expect(get({ ...query, 'hub.mode': 'unsubscribe' }).ok).toBe(false);
  expect(get({ 'hub.mode': 'subscribe', 'hub.verify_token': 'open the door' }).ok).toBe(false);
});
