import type { ConversationEvent, MessageEvent, Signal } from '@continuo/protocol';

/** What can be listened to, and what a listener is given. */
export interface ConversationNews {
  /** The other side wrote: told once for each message, not for history. */
  message: { event: MessageEvent };
  /** Any new event of the log, not for history. */
  event: { event: ConversationEvent };
  /** Ephemeral news, as the stream gives it. */
  signal: { signal: Signal };
}

type Listener<Name extends keyof ConversationNews> = (news: ConversationNews[Name]) => void;

/** Calls `listener` at each `name`, until the returned function is called or `signal` aborts. */
export type Listen = <Name extends keyof ConversationNews>(
  name: Name,
  listener: Listener<Name>,
  options?: { signal?: AbortSignal },
) => () => void;

/** A listener that throws is reported in the console and disturbs no other. */
export const createEmitter = () => {
  const listeners: { [Name in keyof ConversationNews]: Set<Listener<Name>> } = {
    message: new Set(),
    event: new Set(),
    signal: new Set(),
  };
  const on: Listen = (name, listener, { signal } = {}) => {
    const off = () => {
      listeners[name].delete(listener);
    };
    if (!signal?.aborted) listeners[name].add(listener);
    signal?.addEventListener('abort', off);
    return off;
  };
  const emit = <Name extends keyof ConversationNews>(name: Name, news: ConversationNews[Name]): void => {
    for (const listener of listeners[name]) {
      try {
        listener(news);
      } catch (error) {
        console.error(error);
      }
    }
  };
  return { on, emit };
};

export type Emitter = ReturnType<typeof createEmitter>;
