import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Bucket, createBucket, S3Error } from './s3-objects.ts';
import { parseAuthorization, signatureOf } from './sigv4.ts';

/*
 * A store that speaks as much of S3's protocol as files need, from AWS' API reference (docs.aws.amazon.com/AmazonS3/latest/API):
 * path-style addresses, signed headers, error documents, ranges, multipart uploads.
 */

/** What happens to one request, once: see `FakeS3.fail`. `cut`: done, and the answer is lost. */
export type Fault =
  | 'cut'
  | { status: number; code: string }
  /** A 200 whose document tells of an error, as a completion may end. */
  | { late: string };

export interface FakeS3 {
  /** `http://127.0.0.1:…` */
  endpoint: string;
  bucket: Bucket;
  /** `PUT /files/…`, one a request that came, the query without values. */
  requests: string[];
  /** The next request that matches ends this way. */
  fail(fault: Fault, matches?: (request: string) => boolean): void;
  close(): Promise<void>;
}

export interface FakeS3Options {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Milliseconds that a request's time may differ from the store's. */
const SKEW = 15 * 60 * 1000;
const MAX_PUT = 5 * 1024 ** 3;

interface Request {
  method: string;
  target: string;
  headers: Record<string, string>;
  key: string;
  query: URLSearchParams;
  body: Buffer;
}

const timeOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** @throws S3Error as S3 refuses a request that is not signed rightly */
function authenticate({ method, target, headers, body }: Request, options: FakeS3Options): void {
  const { authorization } = headers;
  if (authorization === undefined) throw new S3Error(403, 'AccessDenied');
  const parsed = parseAuthorization(authorization);
  if (!parsed || parsed.region !== options.region || parsed.service !== 's3')
    throw new S3Error(400, 'AuthorizationHeaderMalformed');
  if (parsed.accessKeyId !== options.accessKeyId) throw new S3Error(403, 'InvalidAccessKeyId');
  const time = headers['x-amz-date'] ?? '';
  if (!time.startsWith(parsed.date)) throw new S3Error(403, 'AccessDenied');
  if (!(Math.abs(timeOf(time) - options.now()) <= SKEW)) throw new S3Error(403, 'RequestTimeTooSkewed');
  const mustBeSigned = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (mustBeSigned.some((name) => !parsed.signedHeaders.includes(name)))
    throw new S3Error(403, 'AccessDenied');
  if (parsed.signature !== signatureOf({ method, target, headers }, parsed, options.secretAccessKey))
    throw new S3Error(403, 'SignatureDoesNotMatch');
  const declared = headers['x-amz-content-sha256'];
  if (declared === undefined) throw new S3Error(400, 'InvalidRequest');
  if (declared !== 'UNSIGNED-PAYLOAD' && declared !== createHash('sha256').update(body).digest('hex'))
    throw new S3Error(400, 'XAmzContentSHA256Mismatch');
}

async function parse(message: IncomingMessage, bucket: string): Promise<Request> {
  const { method = 'GET', url: target = '/' } = message;
  const [path = '', query = ''] = target.split('?');
  const [, name, ...key] = path.split('/');
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([header, value]) => [header, String(value)]),
  );
  const body = await buffer(message);
  if (name !== bucket) throw new S3Error(404, 'NoSuchBucket');
  return {
    method,
    target,
    headers,
    key: decodeURIComponent(key.join('/')),
    query: new URLSearchParams(query),
    body,
  };
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const document = (root: string, fields: Record<string, string>): string => {
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${inner.join('')}</${root}>`;
};

const errorDocument = (code: string): string =>
  document('Error', { Code: code, Message: `The request ended with ${code}`, RequestId: '4442587FB7D0A2F9' });

interface Reply {
  status: number;
  headers?: Record<string, string | number>;
  body?: string | Buffer;
}

function read({ key, headers, method }: Request, { objects }: Bucket): Reply {
  const object = objects.get(key);
  if (!object) throw new S3Error(404, 'NoSuchKey');
  const { bytes, type, etag } = object;
  const common = { 'content-type': type, etag, 'accept-ranges': 'bytes' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (!range || method === 'HEAD')
    return { status: 200, headers: { ...common, 'content-length': bytes.length }, body: bytes };
  const start = Number(range[1]);
  const end = Math.min(range[2] ? Number(range[2]) : bytes.length - 1, bytes.length - 1);
  if (start >= bytes.length) throw new S3Error(416, 'InvalidRange');
  const contentRange = `bytes ${start}-${end}/${bytes.length}`;
  return {
    status: 206,
    headers: { ...common, 'content-range': contentRange, 'content-length': end - start + 1 },
    body: bytes.subarray(start, end + 1),
  };
}

const PART = /<Part>\s*<PartNumber>(\d+)<\/PartNumber>\s*<ETag>([^<]+)<\/ETag>\s*<\/Part>/g;

function write({ method, key, query, headers, body }: Request, bucket: Bucket): Reply {
  const type = headers['content-type'] ?? 'binary/octet-stream';
  const uploadId = query.get('uploadId');
  if (method === 'PUT') {
    if (headers['content-length'] === undefined) throw new S3Error(411, 'MissingContentLength');
    if (body.length > MAX_PUT) throw new S3Error(400, 'EntityTooLarge');
    const part = { id: uploadId ?? '', number: Number(query.get('partNumber')), bytes: body };
    const { etag } = uploadId === null ? bucket.put(key, body, type) : bucket.putPart(key, part);
    return { status: 200, headers: { etag } };
  }
  if (query.has('uploads')) {
    const id = bucket.begin(key, type);
    return { status: 200, body: document('InitiateMultipartUploadResult', { Key: key, UploadId: id }) };
  }
  if (uploadId === null) throw new S3Error(405, 'MethodNotAllowed');
  const listed = [...body.toString().matchAll(PART)].map(([, number, etag = '']) => ({
    number: Number(number),
    etag: etag.replaceAll('&quot;', '"'),
  }));
  const { etag } = bucket.complete(key, uploadId, listed);
  return { status: 200, body: document('CompleteMultipartUploadResult', { Key: key, ETag: etag }) };
}

function remove({ key, query }: Request, bucket: Bucket): Reply {
  const uploadId = query.get('uploadId');
  if (uploadId === null) bucket.objects.delete(key);
  else bucket.abort(key, uploadId);
  return { status: 204 };
}

function act(request: Request, bucket: Bucket): Reply {
  if (request.method === 'GET' || request.method === 'HEAD') return read(request, bucket);
  if (request.method === 'DELETE') return remove(request, bucket);
  return write(request, bucket);
}

const send = (response: ServerResponse, { status, headers = {}, body = '' }: Reply, method: string): void => {
  const xml = typeof body === 'string' && body !== '' ? { 'content-type': 'application/xml' } : {};
  response.writeHead(status, { ...xml, ...headers, 'x-amz-request-id': '4442587FB7D0A2F9' });
  response.end(method === 'HEAD' ? undefined : body);
};

/** Starts one on a free port. */
export async function startFakeS3(options: FakeS3Options): Promise<FakeS3> {
  const bucket = createBucket();
  const requests: string[] = [];
  const faults: { fault: Fault; matches: (request: string) => boolean }[] = [];

  const takeFault = (name: string): Fault | null => {
    const index = faults.findIndex(({ matches }) => matches(name));
    return index < 0 ? null : (faults.splice(index, 1)[0]?.fault ?? null);
  };

  const answer = async (message: IncomingMessage): Promise<Reply | null> => {
    const request = await parse(message, options.bucket);
    const name = `${request.method} ${request.target.replace(/=[^&]*/g, '')}`;
    requests.push(name);
    authenticate(request, options);
    const fault = takeFault(name);
    if (fault !== null && typeof fault === 'object') {
      if ('late' in fault) return { status: 200, body: errorDocument(fault.late) };
      throw new S3Error(fault.status, fault.code);
    }
    const reply = act(request, bucket);
    return fault === 'cut' ? null : reply;
  };

  const server = createServer(async (message, response) => {
    const method = message.method ?? '';
    try {
      const reply = await answer(message);
      if (reply) send(response, reply, method);
      else message.socket.destroy();
    } catch (error) {
      const known = error instanceof S3Error ? error : new S3Error(500, 'InternalError');
      send(response, { status: known.status, body: errorDocument(known.code) }, method);
    }
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    requests,
    fail: (fault, matches = () => true) => faults.push({ fault, matches }),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
