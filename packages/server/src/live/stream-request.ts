import { fromOffset } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';

/** What a reader of a stream asks for. */
export interface StreamRequest {
  mode: 'catch-up' | 'long-poll' | 'sse';
  /** Read after this seq; `now`: after the last event. */
  after: number | 'now';
  /** The cursor of the last answer. */
  cursor: string | null;
}

const refuse = (detail: string): never => {
  throw new ContinuoError('bad_request', { detail });
};

const readMode = (live: string | null): StreamRequest['mode'] => {
  if (live === null) return 'catch-up';
  if (live === 'long-poll' || live === 'sse') return live;
  return refuse('live must be long-poll or sse');
};

const readOffset = (offset: string | null, mode: StreamRequest['mode']): StreamRequest['after'] => {
  if (offset === null) return mode === 'catch-up' ? 0 : refuse('offset is needed with live');
  if (offset === 'now') return 'now';
  return fromOffset(offset) ?? refuse('offset is not one of this stream');
};

/**
 * Reads the query of a stream's URL (Durable Streams protocol §5.6–5.8 and §8).
 *
 * @throws ContinuoError `bad_request` when a parameter is malformed, missing or given twice
 */
export const parseStreamRequest = (url: string): StreamRequest => {
  const { searchParams } = new URL(url, 'http://stream');
  const only = (name: string): string | null => {
    const values = searchParams.getAll(name);
    return values.length > 1 ? refuse(`${name} is given twice`) : (values[0] ?? null);
  };
  const mode = readMode(only('live'));
  return { mode, after: readOffset(only('offset'), mode), cursor: only('cursor') };
};
