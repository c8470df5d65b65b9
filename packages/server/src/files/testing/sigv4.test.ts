import { expect, test } from 'vitest';
import { parseAuthorization, type SignedRequest, signatureOf } from './sigv4.ts';

// The examples of AWS' documents (sig-v4-header-based-auth.html), with the credentials that they use.
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const COMMON = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-date': '20130524T000000Z' };

const EXAMPLES: { name: string; request: SignedRequest; signedHeaders: string; signature: string }[] = [
  {
    name: 'GET Object',
    request: {
      method: 'GET',
      target: '/test.txt',
      headers: { ...COMMON, range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY },
    },
    signedHeaders: 'host;range;x-amz-content-sha256;x-amz-date',
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    name: 'GET Bucket lifecycle',
    request: { method: 'GET', target: '/?lifecycle', headers: { ...COMMON, 'x-amz-content-sha256': EMPTY } },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'List Objects',
    request: {
      method: 'GET',
      target: '/?max-keys=2&prefix=J',
      headers: { ...COMMON, 'x-amz-content-sha256': EMPTY },
    },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

test.each(EXAMPLES)("signs AWS' example $name", ({ request, signedHeaders, signature }) => {
  const header = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
  const authorization = parseAuthorization(header);
  if (!authorization) throw new Error('not parsed');
  expect(signatureOf(request, authorization, SECRET)).toBe(signature);
  expect(signatureOf({ ...request, target: '/other' }, authorization, SECRET)).not.toBe(signature);
});
