import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FileStore } from './files.ts';
import { createS3Files } from './s3.ts';
import type { S3Place } from './s3-place.ts';
import { type FakeS3, startFakeS3 } from './testing/fake-s3.ts';

// Syncing to the disk takes long on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const MB = 1024 * 1024;
const TEXT = { type: 'text/plain', maxBytes: 100 * MB };
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };

let fake: FakeS3;
let files: FileStore;
const open = (changes: Partial<S3Place> = {}, now: () => number = Date.now): FileStore => {
  const place = { endpoint: fake.endpoint, region: 'us-east-1', bucket: 'files', prefix: '', credentials };
  return createS3Files({ ...place, ...changes }, { fetch, now, random: () => 0 });
};
beforeEach(async () => {
  fake = await startFakeS3({ ...credentials, bucket: 'files', region: 'us-east-1', now: Date.now });
  files = open();
});
afterEach(() => fake.close());

async function* megabytes(count: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < count; sent += 1) yield Buffer.alloc(MB, sent);
}

test('a small file is one request, a large one an upload of parts', async () => {
  await files.put('file_small', megabytes(8), TEXT);
  expect(fake.requests).toEqual(['PUT /files/file_small']);
  fake.requests.length = 0;
  await files.put('file_large', megabytes(20), TEXT);
  expect(fake.requests).toEqual([
    'POST /files/file_large?uploads',
    ...Array.from({ length: 3 }, () => 'PUT /files/file_large?partNumber&uploadId'),
    'POST /files/file_large?uploadId',
  ]);
  expect(fake.bucket.objects.get('file_large')?.bytes).toHaveLength(20 * MB);
});

const UPLOADS = ['PUT /files/file_a', 'POST /files/file_b_x?uploads', 'partNumber'];
const ALL = [...UPLOADS, 'GET', 'HEAD', 'DELETE'];

test.each([
  ['asked to slow down', { status: 503, code: 'SlowDown' }, ALL],
  ['answered with an error of the store', { status: 500, code: 'InternalError' }, ALL],
  // A 400 is told apart by its document, which HEAD has none of; S3 says this one of bodies that come too slowly.
  ['asked to send its body again', { status: 400, code: 'RequestTimeout' }, UPLOADS],
  ['cut off before the answer', 'cut', ALL],
] as const)('every request is repeated when it was %s', async (_, fault, requests) => {
  for (const part of requests) fake.fail(fault, (name) => name.includes(part));
  await files.put('file_a_x', megabytes(1), TEXT);
  await files.put('file_b_x', megabytes(10), TEXT);
  const before = fake.requests.length;
  expect((await files.get('file_b_x'))?.size).toBe(10 * MB);
  expect(await files.head('file_a_x')).toMatchObject({ size: MB });
  await files.delete('file_a_x');
  expect(fake.requests.length - before).toBe(requests.length > UPLOADS.length ? 6 : 3);
  expect(await files.head('file_a_x')).toBeNull();
});

test('a completion whose answer was lost is found to be done', async () => {
  fake.fail('cut', (name) => name === 'POST /files/file_b_x?uploadId');
  await files.put('file_b_x', megabytes(10), TEXT);
  expect(await files.head('file_b_x')).toMatchObject({ size: 10 * MB });
  expect(fake.bucket.uploads.size).toBe(0);
});

test('a completion that fails after its 200 began is repeated, or refused and taken back', async () => {
  const completes = (name: string) => name === 'POST /files/file_b_x?uploadId';
  fake.fail({ late: 'InternalError' }, completes);
  await files.put('file_b_x', megabytes(10), TEXT);
  expect(await files.head('file_b_x')).toMatchObject({ size: 10 * MB });
  await files.delete('file_b_x');
  fake.fail({ late: 'InvalidPart' }, completes);
  await expect(files.put('file_b_x', megabytes(10), TEXT)).rejects.toThrow('InvalidPart');
  expect(await files.head('file_b_x')).toBeNull();
  expect(fake.bucket.uploads.size).toBe(0);
});

test('a store that keeps refusing is said to be unavailable, and asked no more than 5 times', async () => {
  for (let round = 0; round < 5; round += 1) fake.fail({ status: 503, code: 'SlowDown' });
  await expect(files.head('file_a_x')).rejects.toMatchObject({ code: 'unavailable' });
  expect(fake.requests).toHaveLength(5);
  await fake.close();
  await expect(files.head('file_a_x')).rejects.toThrow('does not answer');
});

test.each<[string, () => FileStore]>([
  ['SignatureDoesNotMatch', () => open({ credentials: { ...credentials, secretAccessKey: 'another' } })],
  ['InvalidAccessKeyId', () => open({ credentials: { ...credentials, accessKeyId: 'another' } })],
  ['NoSuchBucket', () => open({ bucket: 'another' })],
  ['AuthorizationHeaderMalformed', () => open({ region: 'eu-west-1' })],
  ['RequestTimeTooSkewed', () => open({}, () => Date.now() - 16 * 60 * 1000)],
])('%s is told, and not tried again', async (code, wrong) => {
  const refusal = { code: 'unavailable', message: expect.stringContaining(code) };
  await expect(wrong().put('file_a_x', megabytes(1), TEXT)).rejects.toMatchObject(refusal);
  await expect(wrong().get('file_a_x')).rejects.toMatchObject(refusal);
  expect(fake.requests.length).toBeLessThanOrEqual(2);
});

test('passing credentials are signed along', async () => {
  files = open({ credentials: { ...credentials, sessionToken: 'a token/with+signs==' } });
  await files.put('file_a_x', megabytes(1), TEXT);
  expect(await files.head('file_a_x')).toMatchObject({ size: MB });
});
