import { LIMITS } from '@continuo/protocol';

/** Who reads a live stream: a customer or an agent one conversation, or an agent the inbox. */
export type StreamKind = 'customer' | 'agents' | 'inbox';

/** An open live stream, as the server's housekeeping sees it. */
export interface LiveStream {
  kind: StreamKind;
  /** Says that the connection lives. */
  beat(): void;
  /** Tells the reader to come back after a random part of `withinMs`, and ends. */
  drain(withinMs: number): void;
}

/** Every open live stream of the process. One shared timer beats them all: a timer each would cost memory each. */
export interface Streams {
  /** Returns how to leave. */
  join(stream: LiveStream): () => void;
  /** How many are open, by kind. */
  count(): Record<StreamKind, number>;
  /** True once `drain` was called: no stream may be opened any more. */
  readonly draining: boolean;
  /** Ends every stream, telling each reader to reconnect after a random part of `withinMs`, so that they do not come back all at once. */
  drain(withinMs: number): void;
  /** Ends the streams of one kind alike, though the server stays: their readers come back and begin anew. */
  drainKind(kind: StreamKind, withinMs: number): void;
}

export const createStreams = (): Streams => {
  const streams = new Set<LiveStream>();
  let timer: NodeJS.Timeout | null = null;
  let draining = false;

  const beat = (): void => {
    for (const stream of streams) stream.beat();
  };
  const stopWhenEmpty = (): void => {
    if (streams.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  };

  return {
    join(stream) {
      streams.add(stream);
      timer ??= setInterval(beat, LIMITS.heartbeatSeconds * 1000).unref();
      return () => {
        streams.delete(stream);
        stopWhenEmpty();
      };
    },
    count() {
      const counts = { customer: 0, agents: 0, inbox: 0 };
      for (const { kind } of streams) counts[kind] += 1;
      return counts;
    },
    get draining() {
      return draining;
    },
    drain(withinMs) {
      draining = true;
      for (const stream of streams) stream.drain(withinMs);
    },
    drainKind(kind, withinMs) {
      for (const stream of streams) if (stream.kind === kind) stream.drain(withinMs);
    },
  };
};
