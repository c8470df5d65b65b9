import { afterEach, beforeEach, vi } from 'vitest';
import { createTestRuntime, type TestRuntime } from '../../conversations/testing/runtime.ts';
import { message, seedConversations } from '../../storage/testing/fixtures.ts';
import type { ConversationStream } from '../conversation-stream.ts';
import type { SseEvent } from './sse-reader.ts';
import { type StreamServer, startStreamServer } from './stream-server.ts';

export const ID = 'cnv_a';

/** For the tests of a file: one empty conversation, anew for each, and a server of streams once it is started. */
export const useOneConversation = () => {
  let rt: TestRuntime;
  let server: StreamServer;

  beforeEach(async () => {
    rt = await createTestRuntime();
    await seedConversations(rt.store, [ID]);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await server.close();
    await rt.close();
  });

  const append = (...texts: string[]) =>
    rt.store.write((tx) =>
      tx.append(
        ID,
        texts.map((text) => message(text)),
      ),
    );

  return {
    runtime: () => rt,
    server: () => server,
    async start(stream: Partial<Omit<ConversationStream, 'watch'>> = {}) {
      server = await startStreamServer(rt, stream);
    },
    append,
    appendMany: (count: number) => append(...Array.from({ length: count }, (_, n) => `m${n + 1}`)),
    ask: (query: string, init?: RequestInit) => fetch(`${server.url}/${ID}/events${query}`, init),
    openStreams: () => rt.hub.streams.count().agents,
  };
};

export const seqsOf = (events: readonly { seq: number }[]): number[] => events.map(({ seq }) => seq);

/** The seqs that a stream's data events brought. */
export const seqsIn = (events: readonly SseEvent[]): number[] =>
  events
    .filter(({ event }) => event === 'data')
    .flatMap(({ data }) => (Array.isArray(data) ? data : []))
    .map(({ seq }) => seq);

export const isUpToDate = ({ event, data }: SseEvent): boolean =>
  event === 'control' && typeof data === 'object' && data !== null && 'upToDate' in data;

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
