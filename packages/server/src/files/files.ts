import type { Readable } from 'node:stream';

/** What is known of a stored file. */
export interface FileHead {
  /** Bytes. */
  size: number;
  /** The media type that it was stored under: what somebody said it was. */
  type: string;
}

/** Bytes as they come; a `Readable` and a web stream both are. */
export type Bytes = AsyncIterable<Uint8Array>;

/** From `start` to `end`, both counted from 0 and both included, as in HTTP. Without `end`: to the last byte. */
export interface ByteRange {
  start: number;
  end?: number;
}

/** A stored file, or a part of it. */
export interface FileContent extends FileHead {
  /** The bytes that were asked for, while `size` is that of the whole file. Read them to the end, or `destroy()` them. */
  bytes: Readable;
}

/**
 * Where files lie: on disk, or in an S3-compatible store that all nodes share. Ids are opaque: 8 to 64 letters, digits,
 * `_` and `-`, given by whoever stores, one a file. What a file holds is never looked at and never trusted.
 */
export interface FileStore {
  /**
   * Stores a file; settles when it is durable, and until then nobody sees any of it. An id that has a file gets the new
   * one. Memory is bounded, whatever the size.
   * @param options.type a media type, such as `image/png`
   * @param options.maxBytes refuses more
   * @throws FilesError `too_large`, `bad_id`, `bad_type`; whatever `bytes` throws
   */
  put(id: string, bytes: Bytes, options: { type: string; maxBytes: number }): Promise<FileHead>;
  /**
   * Null where there is none.
   * @throws FilesError `bad_range` when the range begins behind the end
   */
  get(id: string, range?: ByteRange): Promise<FileContent | null>;
  /** Null where there is none. */
  head(id: string): Promise<FileHead | null>;
  /** Also where there is none. */
  delete(id: string): Promise<void>;
}

/** Why a file could not be stored or read. `unavailable`: the store did not answer, or refused; trying again may help. */
export type FilesErrorCode = 'too_large' | 'bad_id' | 'bad_type' | 'bad_range' | 'unavailable';

export class FilesError extends Error {
  readonly code: FilesErrorCode;

  constructor(code: FilesErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'FilesError';
    this.code = code;
  }
}

const ID = /^[A-Za-z0-9_-]{8,64}$/;

/** @throws FilesError `bad_id` */
export function checkId(id: string): string {
  if (ID.test(id)) return id;
  throw new FilesError('bad_id', 'An id has 8 to 64 letters, digits, _ and -');
}

/** `type/subtype` of RFC 9110, without parameters, at most 127 characters a part as RFC 6838 has it. */
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** @throws FilesError `bad_type` */
export function checkType(type: string): string {
  if (TYPE.test(type)) return type;
  throw new FilesError('bad_type', 'A media type is written like image/png');
}

/** Passes bytes on until they are too many. @throws FilesError `too_large` */
export async function* limitBytes(bytes: Bytes, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new FilesError('too_large', `The file has more than ${maxBytes} bytes`);
    yield chunk;
  }
}

/** The range within a file of this size. @throws FilesError `bad_range` */
export function clampRange({ start, end }: ByteRange, size: number): { start: number; end: number } {
  const whole = Number.isSafeInteger(start) && (end === undefined || Number.isSafeInteger(end));
  if (!whole || start < 0 || start >= size || (end ?? start) < start)
    throw new FilesError('bad_range', `The file has ${size} bytes`);
  return { start, end: Math.min(end ?? size - 1, size - 1) };
}
