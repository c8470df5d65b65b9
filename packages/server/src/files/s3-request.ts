import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { FilesError } from './files.ts';
import type { S3Place } from './s3-place.ts';

/** The world outside, as arguments. */
export interface S3Outside {
  fetch: typeof fetch;
  /** Epoch milliseconds. Stores refuse a clock that is wrong by more than 15 minutes. */
  now: () => number;
  /** 0 to 1, for the pauses between tries. @default Math.random */
  random?: () => number;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The key, without the prefix. */
  id: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array<ArrayBuffer>;
}

/** What a store answered. `code` is that of the error's document, such as `NoSuchKey`; null where it has none. */
export interface S3Answer {
  response: Response;
  code: string | null;
  /** The document that came with it; empty where the body was left to be read. */
  text: string;
}

/** Tries of one request, and milliseconds before the second at most; the bound doubles with each. */
const TRIES = 5;
const PAUSE_MS = 200;
/** Milliseconds to wait for the head of an answer. */
const ANSWER_MS = 60_000;

/** Error codes that AWS says to try again on, whatever their status. */
const PASSING = ['InternalError', 'OperationAborted', 'RequestTimeout', 'ServiceUnavailable', 'SlowDown'];

const isPassing = ({ response, code }: S3Answer): boolean =>
  response.status >= 500 || response.status === 429 || (code !== null && PASSING.includes(code));

/** The text of an element; the documents of S3 are flat where it matters here. */
export const elementOf = (xml: string, name: string): string | null => {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined ? null : decode(text);
};

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

const decode = (text: string): string =>
  text.replace(/&(#\d+|\w+);/g, (whole, name: string) =>
    name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (ENTITIES[name] ?? whole),
  );

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** `20260131T235959Z` */
const awsTime = (now: number): string => new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');

/**
 * Signed requests, tried again where that may help. Addresses are path-style, which every store understands.
 * @returns a function that resolves with any answer that is not passing, errors too
 */
export function createS3Requests(place: S3Place, outside: S3Outside) {
  const { random = Math.random } = outside;
  const client = new AwsClient({ ...place.credentials, service: 's3', region: place.region });

  const once = async (request: S3Request): Promise<S3Answer> => {
    const { method, id, query = {}, headers, body } = request;
    const parameters = new URLSearchParams(query).toString();
    const url = `${place.endpoint}/${place.bucket}/${place.prefix}${id}${parameters && `?${parameters}`}`;
    const signed = await client.sign(url, {
      method,
      headers: { ...headers, 'x-amz-content-sha256': sha256(body ?? new Uint8Array()) },
      ...(body ? { body } : {}),
      aws: { datetime: awsTime(outside.now()) },
    });
    const { response, release } = await within(ANSWER_MS, (signal) => outside.fetch(signed, { signal }));
    if (method === 'GET' && response.ok) {
      release();
      return { response, code: null, text: '' };
    }
    const text = await response.text().finally(release);
    return { response, text, code: elementOf(text, 'Code') };
  };

  return async (request: S3Request): Promise<S3Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(request).catch((error: unknown) => error);
      const failed = !isAnswer(answer) || isPassing(answer);
      if (isAnswer(answer) && !failed) return answer;
      if (attempt === TRIES) throw isAnswer(answer) ? refused(answer) : unreachable(answer);
      await wait(random() * PAUSE_MS * 2 ** attempt);
    }
  };
}

export type S3Requests = ReturnType<typeof createS3Requests>;

const isAnswer = (value: unknown): value is S3Answer =>
  typeof value === 'object' && value !== null && 'response' in value;

const unreachable = (cause: unknown): FilesError =>
  new FilesError('unavailable', 'The store of files does not answer', { cause });

/** An error for an answer that was not expected. */
export const refused = ({ response, code }: S3Answer): FilesError =>
  new FilesError('unavailable', `The store of files answered ${response.status} ${code ?? ''}`.trim());

/** Cuts a request whose answer does not begin, but never one that is being read. */
async function within(ms: number, act: (signal: AbortSignal) => Promise<Response>) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  const release = (): void => clearTimeout(timer);
  try {
    return { response: await act(controller.signal), release };
  } catch (error) {
    release();
    throw error;
  }
}
