import { createHash } from 'node:crypto';

/*
 * What a bucket keeps, and the rules of multipart uploads, from AWS' documents
 * (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html, API_CompleteMultipartUpload.html).
 */

export interface StoredObject {
  bytes: Buffer;
  type: string;
  etag: string;
}

/** An error as S3 tells it. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** Smallest part, but for the last. */
const MIN_PART = 5 * 1024 * 1024;
const MAX_PART_NUMBER = 10_000;

const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

interface MultipartUpload {
  key: string;
  type: string;
  parts: Map<number, StoredObject>;
}

export interface ListedPart {
  number: number;
  etag: string;
}

export function createBucket() {
  const objects = new Map<string, StoredObject>();
  const uploads = new Map<string, MultipartUpload>();
  let begun = 0;

  const uploadOf = (id: string, key: string): MultipartUpload => {
    const upload = uploads.get(id);
    if (upload?.key !== key) throw new S3Error(404, 'NoSuchUpload');
    return upload;
  };

  return {
    objects,
    uploads,
    put(key: string, bytes: Buffer, type: string): StoredObject {
      const object = { bytes, type, etag: `"${md5(bytes).toString('hex')}"` };
      objects.set(key, object);
      return object;
    },
    begin(key: string, type: string): string {
      begun += 1;
      // Ids are opaque: this one has characters that have to be escaped in XML and in an address.
      const id = `upload&${begun}/+=`;
      uploads.set(id, { key, type, parts: new Map() });
      return id;
    },
    putPart(key: string, { id, number, bytes }: { id: string; number: number; bytes: Buffer }): StoredObject {
      const { parts, type } = uploadOf(id, key);
      if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER)
        throw new S3Error(400, 'InvalidArgument');
      const part = { bytes, type, etag: `"${md5(bytes).toString('hex')}"` };
      parts.set(number, part);
      return part;
    },
    complete(key: string, id: string, listed: readonly ListedPart[]): StoredObject {
      const { parts, type } = uploadOf(id, key);
      if (listed.length === 0) throw new S3Error(400, 'MalformedXML');
      const chosen = listed.map(({ number, etag }, index) => {
        if (index > 0 && number <= (listed[index - 1]?.number ?? 0))
          throw new S3Error(400, 'InvalidPartOrder');
        const part = parts.get(number);
        if (part?.etag.replaceAll('"', '') !== etag.replaceAll('"', ''))
          throw new S3Error(400, 'InvalidPart');
        if (index < listed.length - 1 && part.bytes.length < MIN_PART)
          throw new S3Error(400, 'EntityTooSmall');
        return part;
      });
      const digest = md5(Buffer.concat(chosen.map((part) => md5(part.bytes)))).toString('hex');
      const object = {
        bytes: Buffer.concat(chosen.map((part) => part.bytes)),
        type,
        etag: `"${digest}-${chosen.length}"`,
      };
      objects.set(key, object);
      uploads.delete(id);
      return object;
    },
    abort(key: string, id: string): void {
      uploadOf(id, key);
      uploads.delete(id);
    },
  };
}

export type Bucket = ReturnType<typeof createBucket>;
