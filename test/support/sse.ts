import type { ConversationEvent } from '@continuo/protocol';

/** An open stream of server-sent events, reading until it ends. */
export interface SseReader {
  status: number;
  /** What came in `event: data`. */
  events: ConversationEvent[];
  /** What came in `event: signal`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into signals freely and assert what they find
  signals: any[];
  /** The offset to resume from. */
  offset: string | null;
  /** Resolves when the stream is over, whoever ended it. */
  ended: Promise<void>;
  /** Breaks it off. */
  cancel(): void;
}

const FIELD = /^(\w+): ?(.*)$/;

const readFrame = (reader: SseReader, frame: string): void => {
  const fields = new Map<string, string>();
  for (const line of frame.split('\n')) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const data: unknown = JSON.parse(fields.get('data') ?? 'null');
  const event = fields.get('event');
  if (event === 'data' && Array.isArray(data)) reader.events.push(...data);
  if (event === 'signal') reader.signals.push(data);
  if (event === 'control' && typeof data === 'object' && data !== null && 'streamNextOffset' in data)
    reader.offset = String(data.streamNextOffset);
};

const readAll = async (reader: SseReader, body: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await body.read();
    if (done) return;
    const frames = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) readFrame(reader, frame);
  }
};

/** Opens `url` and reads it in the background. */
export const openSse = async (fetcher: typeof fetch, url: string): Promise<SseReader> => {
  const abort = new AbortController();
  const response = await fetcher(url, { signal: abort.signal });
  const reader: SseReader = {
    status: response.status,
    events: [],
    signals: [],
    offset: null,
    ended: Promise.resolve(),
    cancel: () => abort.abort(),
  };
  const body = response.body?.getReader();
  if (!body) return reader;
  // However it ends, it has ended: a test looks at what came before.
  reader.ended = readAll(reader, body).catch(() => {});
  reader.cancel = () => {
    abort.abort();
    // Node forgets the signal of a request that was garbage-collected.
    body.cancel().catch(() => {});
  };
  return reader;
};
