import { Readable } from 'node:stream';
import {
  type Bytes,
  checkId,
  checkType,
  clampRange,
  type FileContent,
  type FileHead,
  type FileStore,
  FilesError,
  limitBytes,
} from './files.ts';
import type { S3Place } from './s3-place.ts';
import {
  createS3Requests,
  elementOf,
  refused,
  type S3Answer,
  type S3Outside,
  type S3Requests,
} from './s3-request.ts';

/**
 * Bytes of a part. S3 wants at least 5 MiB of all but the last, and at most 10,000 parts: 80 GB a file. Two parts are in
 * memory at a time.
 */
const PART_BYTES = 8 * 1024 * 1024;

type Part = Uint8Array<ArrayBuffer>;

/**
 * Files in a store that speaks S3's protocol. What it needs there: `s3:GetObject`, `PutObject`, `DeleteObject`,
 * `AbortMultipartUpload`, and `ListBucket`, without which S3 answers 403 for what does not exist.
 */
export function createS3Files(place: S3Place, outside: S3Outside): FileStore {
  const request = createS3Requests(place, outside);
  return {
    async put(id, bytes, { type, maxBytes }) {
      const upload = { request, id: checkId(id), type: checkType(type) };
      const parts = cut(limitBytes(bytes, maxBytes));
      const first = await parts.next();
      const second = first.done ? first : await parts.next();
      const whole = first.done ? new Uint8Array() : first.value;
      const size = second.done
        ? await putWhole(upload, whole)
        : await putParts(upload, chain([whole, second.value], parts));
      return { size, type };
    },
    async get(id, range) {
      if (range) clampRange(range, Number.MAX_SAFE_INTEGER);
      const headers = range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {};
      const answer = await request({ method: 'GET', id: checkId(id), headers });
      if (answer.code === 'NoSuchKey') return null;
      if (answer.response.status === 416)
        throw new FilesError('bad_range', 'The range begins behind the end');
      return contentOf(answer);
    },
    async head(id) {
      const answer = await request({ method: 'HEAD', id: checkId(id) });
      if (answer.response.status === 404) return null;
      if (!answer.response.ok) throw refused(answer);
      return headOf(answer.response);
    },
    async delete(id) {
      const answer = await request({ method: 'DELETE', id: checkId(id) });
      if (!answer.response.ok && answer.code !== 'NoSuchKey') throw refused(answer);
    },
  };
}

function contentOf(answer: S3Answer): FileContent {
  const { response } = answer;
  if (!response.ok) throw refused(answer);
  const bytes = Readable.from(response.body ?? []);
  const whole = response.headers.get('content-range')?.split('/')[1];
  const head = headOf(response);
  return { ...head, size: whole === undefined ? head.size : Number(whole), bytes };
}

const headOf = ({ headers }: Response): FileHead => ({
  size: Number(headers.get('content-length')),
  type: headers.get('content-type') ?? 'application/octet-stream',
});

/** Parts of `PART_BYTES`; the last may be smaller. */
async function* cut(bytes: Bytes): AsyncGenerator<Part> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      const piece = chunk.subarray(taken, taken + PART_BYTES - filled);
      part.set(piece, filled);
      filled += piece.byteLength;
      taken += piece.byteLength;
      if (filled < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.slice(0, filled);
}

async function* chain(first: readonly Part[], rest: AsyncIterable<Part>): AsyncGenerator<Part> {
  yield* first;
  yield* rest;
}

interface Upload {
  request: S3Requests;
  id: string;
  type: string;
}

async function putWhole({ request, id, type }: Upload, body: Part): Promise<number> {
  const answer = await request({ method: 'PUT', id, headers: { 'content-type': type }, body });
  if (!answer.response.ok) throw refused(answer);
  return body.byteLength;
}

/** An upload that is not completed is taken back: its parts would be kept, and paid for. */
async function putParts({ request, id, type }: Upload, parts: AsyncIterable<Part>): Promise<number> {
  const headers = { 'content-type': type };
  const begun = await request({ method: 'POST', id, headers, query: { uploads: '' } });
  const uploadId = elementOf(begun.text, 'UploadId');
  if (!begun.response.ok || uploadId === null) throw refused(begun);
  try {
    const tags: string[] = [];
    let size = 0;
    for await (const body of parts) {
      const query = { partNumber: String(tags.length + 1), uploadId };
      const answer = await request({ method: 'PUT', id, query, body });
      const tag = answer.response.headers.get('etag');
      if (!answer.response.ok || tag === null) throw refused(answer);
      tags.push(tag);
      size += body.byteLength;
    }
    await complete({ request, id, uploadId, tags, size });
    return size;
  } catch (error) {
    await request({ method: 'DELETE', id, query: { uploadId } }).catch(() => {});
    throw error;
  }
}

interface Completion {
  request: S3Requests;
  id: string;
  uploadId: string;
  tags: readonly string[];
  size: number;
}

/** S3 may begin to answer 200 and then tell of an error in the document. */
async function complete({ request, id, uploadId, tags, size }: Completion): Promise<void> {
  const parts = tags.map(
    (tag, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag.replaceAll('"', '&quot;')}</ETag></Part>`,
  );
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
  const body = new TextEncoder().encode(xml);
  const answer = await request({ method: 'POST', id, query: { uploadId }, body });
  if (answer.response.ok && answer.code === null) return;
  // A try whose answer was lost has completed it already.
  if (answer.code !== 'NoSuchUpload') throw refused(answer);
  const { response } = await request({ method: 'HEAD', id });
  if (!response.ok || headOf(response).size !== size) throw refused(answer);
}
