import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDiskFiles } from './disk.ts';
import type { FileStore } from './files.ts';
import { createS3Files } from './s3.ts';
import { startFakeS3 } from './testing/fake-s3.ts';

// Syncing to the disk takes long on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const MB = 1024 * 1024;
const PNG = { type: 'image/png', maxBytes: 20 * MB };

/** A store on the same data for as long as a test, and what it keeps of files that are not whole. */
interface Place {
  files: FileStore;
  unfinished(): number;
  close(): Promise<void>;
}

const openDisk = async (): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-files-'));
  return {
    files: createDiskFiles({ folder, now: Date.now }),
    unfinished: () => readdirSync(folder).filter((name) => name.startsWith('.')).length,
    close: async () => rmSync(folder, { recursive: true }),
  };
};

const openS3 = async (): Promise<Place> => {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };
  const place = { region: 'eu-central-1', bucket: 'files', prefix: 'some/brand/', credentials };
  const fake = await startFakeS3({ ...credentials, bucket: 'files', region: place.region, now: Date.now });
  return {
    files: createS3Files({ ...place, endpoint: fake.endpoint }, { fetch, now: Date.now, random: () => 0 }),
    unfinished: () => fake.bucket.uploads.size,
    close: () => fake.close(),
  };
};

async function* inChunks(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}

const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => index % 251));

const readAll = async (files: FileStore, id: string, range?: { start: number; end?: number }) => {
  const found = await files.get(id, range);
  return found && { ...found, bytes: await buffer(found.bytes) };
};

describe.each([
  ['disk', openDisk],
  ['S3', openS3],
])('files on %s', (_, open) => {
  let place: Place;
  let files: FileStore;
  beforeEach(async () => {
    place = await open();
    files = place.files;
  });
  afterEach(() => place.close());

  test('what was stored is read back, with its type and size', async () => {
    const content = pattern(100_000);
    expect(await files.put('file_one', inChunks(content, 7000), PNG)).toEqual({
      size: 100_000,
      type: 'image/png',
    });
    expect(await files.head('file_one')).toEqual({ size: 100_000, type: 'image/png' });
    expect(await readAll(files, 'file_one')).toEqual({ size: 100_000, type: 'image/png', bytes: content });
  });

  test('an empty file is a file', async () => {
    await files.put('file_empty', inChunks(Buffer.alloc(0), 1), PNG);
    expect(await readAll(files, 'file_empty')).toEqual({
      size: 0,
      type: 'image/png',
      bytes: Buffer.alloc(0),
    });
    await expect(files.get('file_empty', { start: 0 })).rejects.toMatchObject({ code: 'bad_range' });
  });

  test('a large file of many parts is whole', { timeout: 60_000 }, async () => {
    const content = Buffer.concat(Array.from({ length: 18 }, (_, index) => Buffer.alloc(MB, index)));
    await files.put('file_large', inChunks(content, 700_001), PNG);
    const found = await readAll(files, 'file_large');
    expect(found?.size).toBe(content.length);
    expect(found?.bytes.equals(content)).toBe(true);
    expect(place.unfinished()).toBe(0);
  });

  test('parts of a file are read as HTTP counts them', async () => {
    const content = pattern(1000);
    await files.put('file_parts', inChunks(content, 64), PNG);
    await fc.assert(
      fc.asyncProperty(fc.nat(999), fc.option(fc.nat(1500), { nil: undefined }), async (start, length) => {
        const range = length === undefined ? { start } : { start, end: start + length };
        const found = await readAll(files, 'file_parts', range);
        const last = length === undefined ? 1000 : start + length + 1;
        expect(found).toEqual({ size: 1000, type: 'image/png', bytes: content.subarray(start, last) });
      }),
      { numRuns: 30 },
    );
    for (const range of [{ start: 1000 }, { start: -1 }, { start: 5, end: 4 }, { start: 0.5 }]) {
      await expect(files.get('file_parts', range)).rejects.toMatchObject({ code: 'bad_range' });
    }
  });

  test.each([10, 8 * MB + 10, 17 * MB])(
    'more than %i bytes are refused, and nothing stays',
    async (maxBytes) => {
      const content = inChunks(Buffer.alloc(maxBytes + 1), MB);
      await expect(files.put('file_much', content, { ...PNG, maxBytes })).rejects.toMatchObject({
        code: 'too_large',
      });
      expect(await files.head('file_much')).toBeNull();
      expect(place.unfinished()).toBe(0);
    },
  );

  test.each([1, 17])(
    'a sender that breaks off after %i MB leaves nothing, and what was there stays',
    async (megabytes) => {
      await files.put('file_kept', inChunks(pattern(10), 10), PNG);
      const broken = async function* () {
        for (let sent = 0; sent < megabytes; sent += 1) yield Buffer.alloc(MB);
        throw new Error('the sender is gone');
      };
      await expect(files.put('file_kept', broken(), PNG)).rejects.toThrow('the sender is gone');
      expect((await readAll(files, 'file_kept'))?.bytes).toEqual(pattern(10));
      expect(place.unfinished()).toBe(0);
    },
  );

  test('an id that has a file gets the new one, type and all', async () => {
    await files.put('file_same', inChunks(pattern(10), 10), PNG);
    await files.put('file_same', inChunks(pattern(20), 20), { ...PNG, type: 'audio/ogg' });
    expect(await files.head('file_same')).toEqual({ size: 20, type: 'audio/ogg' });
  });

  test('many are stored at once, each whole', async () => {
    const sizes = Array.from({ length: 20 }, (_, index) => index * 1000);
    await Promise.all(sizes.map((size) => files.put(`file_${size}_x`, inChunks(pattern(size), 999), PNG)));
    for (const size of sizes) expect((await readAll(files, `file_${size}_x`))?.bytes).toEqual(pattern(size));
  });

  test('what is not there is null, before and after it was', async () => {
    expect(await files.get('file_none')).toBeNull();
    expect(await files.head('file_none')).toBeNull();
    await files.delete('file_none');
    await files.put('file_none', inChunks(pattern(10), 10), PNG);
    await files.delete('file_none');
    expect(await files.get('file_none')).toBeNull();
    expect(await files.head('file_none')).toBeNull();
  });

  test.each(['', 'short', '../../etc/passwd', 'a/b/c/d/e/f', '.hidden_file', 'x'.repeat(65), 'naïve_name'])(
    'the id %j is refused everywhere',
    async (id) => {
      const refused = { code: 'bad_id' };
      await expect(files.put(id, inChunks(pattern(1), 1), PNG)).rejects.toMatchObject(refused);
      await expect((async () => files.get(id))()).rejects.toMatchObject(refused);
      await expect((async () => files.head(id))()).rejects.toMatchObject(refused);
      await expect((async () => files.delete(id))()).rejects.toMatchObject(refused);
    },
  );

  test.each(['', 'png', 'image/png\nx: y', 'image/png; a=b'])('the type %j is refused', async (type) => {
    const put = files.put('file_type', inChunks(pattern(1), 1), { ...PNG, type });
    await expect(put).rejects.toMatchObject({ code: 'bad_type' });
  });

  test('a reader may leave before the end', async () => {
    await files.put('file_left', inChunks(Buffer.alloc(3 * MB), MB), PNG);
    for (let round = 0; round < 20; round += 1) {
      const found = await files.get('file_left');
      for await (const chunk of found?.bytes ?? []) if (chunk.length > 0) break;
      (await files.get('file_left'))?.bytes.destroy();
    }
    expect((await readAll(files, 'file_left'))?.bytes).toHaveLength(3 * MB);
  });
});
