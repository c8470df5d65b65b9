import type { ConversationEvent, Signal } from '@continuo/protocol';
import type { Api } from '../api/api.ts';
import type { Attempt } from './create-live.ts';
import { createGathering } from './gathering.ts';
import { createSseParser } from './sse.ts';

/** Longer than a server waits before it answers "nothing new" (protocol, LIMITS.longPollSeconds: 20). */
const POLL_TIMEOUT_MS = 30_000;

/** Where and how to read a conversation's stream. */
export interface Reading extends Attempt {
  api: Api;
  /** The stream: `/v1/conversations/<id>/events`. */
  path: string;
  /** Where to read on. */
  offset(): string;
  onEvents(events: ConversationEvent[]): void;
  onSignal(signal: Signal): void;
}

/** Reads on as server-sent events (Durable Streams §5.8) until the stream ends. False where this platform cannot stream. */
const readStream = async ({ api, path, offset, signal, ...reading }: Reading): Promise<boolean> => {
  const search = { offset: offset(), live: 'sse' };
  const response = await api.stream(path, { search, signal, timeout: false });
  const reader = response.body?.getReader();
  if (!reader) return false;
  // Node forgets the signal of a request that was garbage-collected: the stream would stay open.
  signal.addEventListener('abort', () => void reader.cancel().catch(() => {}));
  const decoder = new TextDecoder();
  const { add, hear, tell } = createGathering({ ...reading, signal });
  const parse = createSseParser((event, data) => {
    if (event === 'data') add(JSON.parse(data));
    if (event === 'signal') hear(JSON.parse(data));
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) tell();
    if (done || signal.aborted) return true;
    reading.onAlive();
    parse(decoder.decode(value, { stream: true }));
  }
};

/** Reads on by long-polling (Durable Streams §5.7), first without waiting. Signals do not come this way. */
const poll = async ({ api, path, offset, signal, ...reading }: Reading): Promise<boolean> => {
  for (let live = {}; !signal.aborted; live = { live: 'long-poll' }) {
    const search = { offset: offset(), ...live };
    const events = await api.get<ConversationEvent[] | ''>(path, {
      search,
      signal,
      timeout: POLL_TIMEOUT_MS,
    });
    reading.onAlive();
    reading.onEvents(events || []);
  }
  return true;
};

export const readOn = (reading: Reading): Promise<boolean> =>
  (reading.isPolling ? poll : readStream)(reading);
