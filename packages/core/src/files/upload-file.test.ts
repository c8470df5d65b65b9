import { FILE_TYPES, LIMITS, type Upload } from '@continuo/protocol';
import { atom } from 'nanostores';
import { expect, test } from 'vitest';
import type { Client } from '../client.ts';
import { ContinuoError } from '../errors.ts';
import type { PublicConnection } from '../live/connection.ts';
import { DOCUMENTS, FILE_BYTES, FILES_PER_MESSAGE, fileProblem, MEDIA } from './limits.ts';
import { uploadFile } from './upload-file.ts';

const SIZE = 3 * LIMITS.chunkBytes - 7;

/** A server that keeps bytes, behind a network that fails when `fails` says so. */
const start = (fails: (asked: string, n: number) => ContinuoError | null = () => null) => {
  const asked: string[] = [];
  const kept: Uint8Array[] = [];
  const $connection = atom<PublicConnection>('online');
  const answer = async (method: string, options: Parameters<Client['request']>[2]): Promise<Upload> => {
    const offset = kept.reduce((sum, { length }) => sum + length, 0);
    if (method !== 'patch') return { id: 'file-0001', offset, size: SIZE };
    if (options?.headers?.['upload-offset'] !== `${offset}`) throw new ContinuoError('conflict');
    expect(options.body?.type).toBe('application/offset+octet-stream');
    kept.push(new Uint8Array((await options.body?.arrayBuffer()) ?? []));
    return { id: 'file-0001', offset: offset + (kept.at(-1)?.length ?? 0), size: SIZE };
  };
  const client = {
    $connection,
    request: async (method: string, what: string, options: object) => {
      asked.push(`${method} ${what}`);
      const failure = fails(asked.at(-1) ?? '', asked.length);
      if (failure?.code === 'timeout') await answer(method, options);
      if (failure) throw failure;
      return answer(method, options);
    },
  } as unknown as Client;
  const bytes = Uint8Array.from({ length: SIZE }, (_, at) => at % 251);
  const file = {
    id: 'file-0001',
    name: 'a.jpg',
    body: new Blob([bytes], { type: 'image/jpeg' }),
    width: 4,
    height: 3,
  };
  return { asked, kept, client, file, bytes, $connection };
};

const FAST = { random: () => 0 };

test('a file goes up chunk by chunk and becomes an attachment', async () => {
  const { asked, kept, client, file, bytes } = start();
  const sent: number[] = [];
  const attachment = await uploadFile(client, file, { onProgress: (progress) => sent.push(progress.sent) });
  expect(attachment).toEqual({
    id: 'file-0001',
    type: 'image',
    url: null,
    name: 'a.jpg',
    size: SIZE,
    mimeType: 'image/jpeg',
    width: 4,
    height: 3,
  });
  expect(Buffer.concat(kept).equals(bytes)).toBe(true);
  expect(asked).toEqual(['post uploads', ...Array(3).fill('patch uploads/file-0001')]);
  expect(sent.at(-1)).toBe(SIZE);
  expect(sent).toEqual([...sent].sort((a, b) => a - b));
});

test('after each failure, also one of which only the answer was lost, it asks and goes on', async () => {
  const codes = ['network', 'timeout', 'unavailable'] as const;
  const { asked, kept, client, file, bytes } = start((_asked, n) =>
    n % 2 === 0 ? new ContinuoError(codes[n % 3] ?? 'network') : null,
  );
  const waits: boolean[] = [];
  await uploadFile(client, file, { ...FAST, onProgress: ({ isWaiting }) => waits.push(isWaiting) });
  expect(Buffer.concat(kept).equals(bytes)).toBe(true);
  expect(asked).toContain('get uploads/file-0001');
  expect(waits).toContain(true);
});

test('the network’s being back ends a long pause at once', async () => {
  let isDown = true;
  const { client, file, $connection } = start(() =>
    isDown ? new ContinuoError('network', { retryAfter: 3600 }) : null,
  );
  const done = uploadFile(client, file, {
    onProgress: ({ isWaiting }) => {
      if (!isWaiting || !isDown) return;
      isDown = false;
      $connection.set('offline');
      queueMicrotask(() => $connection.set('online'));
    },
  });
  await expect(done).resolves.toMatchObject({ id: 'file-0001' });
});

test('cancelled it rejects, asks nothing more, and listens no longer', async () => {
  const cancelling = new AbortController();
  const { asked, client, file, $connection } = start((_asked, n) => {
    if (n === 2) cancelling.abort();
    return null;
  });
  await expect(uploadFile(client, file, { signal: cancelling.signal })).rejects.toMatchObject({
    code: 'aborted',
  });
  $connection.set('offline');
  $connection.set('online');
  expect(asked).toHaveLength(2);
  await expect(uploadFile(client, file, { signal: cancelling.signal })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(asked).toHaveLength(2);
});

test('what the server will never take fails with its reason', async () => {
  const { client, file } = start(() => new ContinuoError('bad_request'));
  await expect(uploadFile(client, file)).rejects.toMatchObject({ code: 'bad_request' });
});

test('limits are the protocol’s', () => {
  expect(`${DOCUMENTS} ${MEDIA}`.split(' ').sort()).toEqual(Object.keys(FILE_TYPES).sort());
  expect([FILE_BYTES, FILES_PER_MESSAGE]).toEqual([LIMITS.fileBytes, LIMITS.filesPerMessage]);
  expect(fileProblem({ name: 'Photo.JPG', size: FILE_BYTES })).toBeNull();
  expect(fileProblem({ name: 'Photo.JPG', size: FILE_BYTES + 1 })).toBe('size');
  expect(fileProblem({ name: 'photo.jpg', size: 0 })).toBe('empty');
  for (const name of ['page.html', 'photo', 'photo.', 'jpg', 'a.svg'])
    expect(fileProblem({ name, size: 1 })).toBe('type');
});
