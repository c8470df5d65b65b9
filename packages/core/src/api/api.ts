import type { Problem, ProtocolVersion } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';

const VERSION: ProtocolVersion = 1;
/** Milliseconds until an answer begins. */
const TIMEOUT_MS = 10_000;
/** The longest for a whole answer: it may begin in time and never end. */
const PATIENCE_MS = 40_000;

/** Who a request speaks for: anyone (no proof), the device (its key alone), or its session (key and token). */
export type Speaker = 'anyone' | 'device' | 'session';

/** What one request may say beyond its path. */
export interface RequestOptions {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, under its own type. */
  body?: Blob;
  headers?: Record<string, string>;
  /** The answer is given as a `Blob`. @default false */
  blob?: boolean;
  search?: Record<string, string>;
  /** @default 'session' */
  as?: Speaker;
  /** How often a failed request is repeated before its error is thrown. For reading only. @default 0 */
  retry?: number;
  /** Milliseconds until an answer begins; `false` for a stream. @default 10000 */
  timeout?: number | false;
  signal?: AbortSignal;
  /** It may outlive the page; for small requests. @default false */
  keepalive?: boolean;
}

/** What {@link createApi} needs. */
export interface ApiOptions {
  /** The server's address: `https://chat.brand.example`. */
  baseUrl: string;
  /** @default globalThis.fetch */
  fetch?: typeof globalThis.fetch;
  /** Puts credentials on a request just before it leaves. Without it, cookies alone speak. */
  authorize?(request: Request, as: Speaker): Promise<void> | void;
  /** Hears of every error; true repeats the request, once. */
  onError?(error: ContinuoError): boolean;
  /** Aborts every request that has no signal of its own. */
  signal?: AbortSignal;
}

/** Requests to the server. Every failure is a {@link ContinuoError}. */
export interface Api {
  get<T>(path: string, options?: RequestOptions): Promise<T>;
  post<T = void>(path: string, json?: unknown, options?: RequestOptions): Promise<T>;
  /** Any method; the parsed JSON of the answer, undefined when it has no body; with `blob` its bytes. */
  call<T>(method: string, path: string, options?: RequestOptions): Promise<T>;
  /** A GET whose body is read by the caller. */
  stream(path: string, options?: RequestOptions): Promise<Response>;
}

const isProblem = (data: unknown): data is Problem => typeof data === 'object' && !!data && 'code' in data;

const refusal = async (response: Response): Promise<ContinuoError> => {
  const { status, headers } = response;
  const problem: unknown = await response.json().catch(() => null);
  if (isProblem(problem)) return new ContinuoError(problem.code, { status, problem });
  // A proxy on the way answers without a problem document.
  const code = status === 429 ? 'rate_limited' : status < 500 ? 'bad_request' : 'unavailable';
  return new ContinuoError(code, { status, retryAfter: Number(headers.get('retry-after')) || 0 });
};

const toError = (cause: unknown): ContinuoError => {
  if (cause instanceof ContinuoError) return cause;
  const isAborted = cause instanceof Error && cause.name === 'AbortError';
  return new ContinuoError(isAborted ? 'aborted' : 'network', { cause });
};

/** Passes an abort on, until it is let go. `AbortSignal.any` is too young for the browsers and platforms we run on. */
const follow = (signal: AbortSignal | undefined) => {
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  return { signal: own.signal, abort, letGo: () => signal?.removeEventListener('abort', abort) };
};

const pause = (attempt: number) => new Promise((resolve) => setTimeout(resolve, 300 * 2 ** attempt));

/** Errors after which reading again may help. */
const isPassing = ({ code, status }: ContinuoError) =>
  code === 'network' || code === 'timeout' || Number(status) >= 500;

type Read<T> = (response: Response) => T | Promise<T>;

/** One request, within its time. */
const createSend = ({ baseUrl, fetch, authorize, signal }: ApiOptions) => {
  return async <T>(
    method: string,
    path: string,
    { as = 'session', ...options }: RequestOptions & { read: Read<T> },
  ): Promise<T> => {
    const { json, body = null, headers, search, timeout = TIMEOUT_MS, read, keepalive = false } = options;
    const followed = follow(options.signal ?? signal);
    let isLate = false;
    const giveUp = () => {
      isLate = true;
      followed.abort();
    };
    let timer = timeout ? setTimeout(giveUp, timeout) : undefined;
    try {
      const query = search ? `?${new URLSearchParams(search)}` : '';
      const request = new Request(baseUrl.replace(/\/$/, '') + path + query, {
        method,
        headers: {
          'continuo-version': `${VERSION}`,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        signal: followed.signal,
        keepalive,
        body: json === undefined ? body : JSON.stringify(json),
      });
      await authorize?.(request, as);
      const response = await (fetch ?? globalThis.fetch)(request);
      clearTimeout(timer);
      if (timeout) timer = setTimeout(giveUp, PATIENCE_MS);
      if (!response.ok) throw await refusal(response);
      return await read(response);
    } catch (cause) {
      throw isLate ? new ContinuoError('timeout', { cause }) : toError(cause);
    } finally {
      clearTimeout(timer);
      // What is still being read must hear of an abort.
      if (timeout) followed.letGo();
    }
  };
};

const parse = async (response: Response) => {
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
};
const asBlob = (response: Response) => response.blob();

/**
 * Gives the requests that {@link createConversation} and {@link createClient} are made of.
 *
 * @example
 * const api = createApi({ baseUrl: location.origin });
 * const me = await api.get<Me>('/v1/inbox/me');
 */
export const createApi = (options: ApiOptions): Api => {
  const send = createSend(options);

  /** Repeats what may be repeated: reading, after what passes; anything, once, when it was told how to do better. */
  const persist = async <T>(run: () => Promise<T>, retry = 0): Promise<T> => {
    for (let attempt = 0, isTold = false; ; ) {
      try {
        return await run();
      } catch (cause) {
        const error = toError(cause);
        if (!isTold && options.onError?.(error)) isTold = true;
        else if (attempt < retry && isPassing(error)) await pause(attempt++);
        else throw error;
      }
    }
  };

  const api: Api = {
    call: (method, path, request = {}) =>
      persist(
        () => send(method.toUpperCase(), path, { ...request, read: request.blob ? asBlob : parse }),
        request.retry,
      ),
    get: (path, request) => api.call('get', path, request),
    post: (path, json, request) => api.call('post', path, { ...request, json }),
    stream: (path, request) =>
      persist(() => send('GET', path, { timeout: false, ...request, read: (response) => response })),
  };
  return api;
};
