import { Readable } from 'node:stream';
import { LIMITS } from '@continuo/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContinuoError } from '../errors.ts';
import type { Right } from '../live/right.ts';
import type { Runtime } from '../runtime.ts';
import type { FileTable } from '../storage/schema.ts';
import type { ByteRange, FileContent } from './files.ts';
import { chunkId } from './uploads.ts';

/** Both ends included. */
type WholeRange = Required<ByteRange>;

const openChunk = async (rt: Runtime, file: FileTable, at: WholeRange): Promise<FileContent> => {
  const index = Math.floor(at.start / LIMITS.chunkBytes);
  const base = index * LIMITS.chunkBytes;
  const end = Math.min(at.end - base, LIMITS.chunkBytes - 1);
  const content = await rt.files.get(chunkId(file, index), { start: at.start - base, end });
  if (!content) throw new ContinuoError('not_found', { detail: 'Its bytes are not here any more' });
  return content;
};

/** The chunks one after another; the next is opened when the last was read. */
async function* readOn(
  rt: Runtime,
  file: FileTable,
  { first, range }: { first: FileContent; range: WholeRange },
): AsyncGenerator<Uint8Array> {
  yield* first.bytes;
  const next = (Math.floor(range.start / LIMITS.chunkBytes) + 1) * LIMITS.chunkBytes;
  for (let start = next; start <= range.end; start += LIMITS.chunkBytes) {
    const { bytes } = await openChunk(rt, file, { start, end: range.end });
    yield* bytes;
  }
}

/** One range of bytes, as RFC 9110 writes it; null where the whole is to be sent, which is always allowed. */
const rangeOf = (header: string | undefined, size: number): WholeRange | null => {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : null;
};

/** RFC 6266: for all, and for those that know only letters without accents. */
const dispositionOf = (name: string): string => {
  const plain = name.replace(/[^ -~]|["\\%]/g, '_');
  const full = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
};

/** Whatever a file holds, nothing in it is ever shown as a page or run: it is saved, and where it is opened it is in a cage. */
const headersOf = ({ name, media_type }: FileTable): Record<string, string> => ({
  'content-type': media_type,
  'content-disposition': dispositionOf(name),
  'content-security-policy': "sandbox; default-src 'none'",
  'cache-control': 'private, no-store',
  'accept-ranges': 'bytes',
});

/**
 * Answers with a file, or the range of it that was asked for; stops as soon as the right to read it ends.
 * @throws ContinuoError `not_found`
 */
export const sendFile = async (
  rt: Runtime,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { file, right }: { file: FileTable; right: Right },
): Promise<FastifyReply> => {
  try {
    const asked = rangeOf(request.headers.range, file.size);
    const range = asked ?? { start: 0, end: file.size - 1 };
    const first = await openChunk(rt, file, range);
    const bytes = Readable.from(readOn(rt, file, { first, range }), { objectMode: false });
    right.onEnd(() => bytes.destroy());
    bytes.once('close', () => right.release());
    reply.headers({ ...headersOf(file), 'content-length': String(range.end - range.start + 1) });
    if (asked)
      reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${String(file.size)}`);
    return await reply.send(bytes);
  } catch (error) {
    right.release();
    throw error;
  }
};
