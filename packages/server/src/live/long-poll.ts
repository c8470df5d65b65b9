import type { ServerResponse } from 'node:http';
import { LIMITS } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Reader } from './audience.ts';
import type { Right } from './right.ts';
import { whenClosed } from './sse.ts';

export interface Waiting {
  conversationId: string;
  /** The reader has everything up to this seq. */
  after: number;
  audience: Reader;
  sessionId: string | null;
  right: Right;
}

export interface News {
  /**
   * Resolves when there is news, the wait is over, the server drains, or the reader is gone.
   * Rejects with ContinuoError `session_ended` when the reader's right ended.
   */
  come: Promise<void>;
  /** Call it whatever happened. */
  stop(): void;
}

/** Waits for news of a conversation on behalf of one long-poll, during which the customer counts as present. */
export const waitForNews = (rt: Runtime, response: ServerResponse, waiting: Waiting): News => {
  const { conversationId, after, audience, sessionId, right } = waiting;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Whoever leaves before the end of the wait does not ask how it ended.
  promise.catch(() => {});
  const come = (): void => resolve();
  const refuse = (): void => reject(new ContinuoError('session_ended'));
  const timer = setTimeout(come, LIMITS.longPollSeconds * 1000);
  const onHead = (head: number): boolean => {
    if (head > after) come();
    return head > after;
  };
  const unlisten = rt.hub.listen(conversationId, { audience, onEvents: come, onHead, onSignal: () => {} });
  const leave = rt.hub.streams.join({ kind: audience, beat: () => {}, drain: come });
  const presence = sessionId === null ? null : rt.presence.enter(conversationId, sessionId);
  whenClosed(response, come);
  right.onEnd(refuse);
  return {
    come: promise,
    stop() {
      clearTimeout(timer);
      unlisten();
      leave();
      presence?.leave();
      response.off('close', come);
      right.release();
    },
  };
};
