import { AsyncLocalStorage } from 'node:async_hooks';
import type { ConversationEvent } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Scope, Store, Tx } from './store.ts';

/** One unit of work and how to tell its caller. `run` may be called again where nothing of the last time has stayed. */
export interface Unit {
  scope: Scope | null;
  run(tx: Tx): Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** What a unit leaves to be done after the commit. */
export interface Outcome {
  unit: Unit;
  appended: { conversationId: string; events: ConversationEvent[] }[];
  effects: (() => void)[];
}

/** Whom an engine tells. */
export interface Told {
  /** Told after a commit, once a conversation, with its new events in order. */
  publish: (conversationId: string, events: readonly ConversationEvent[]) => void;
  /** Told of what `publish` or an effect threw after a commit. @default a process warning */
  onError?: (error: unknown) => void;
}

/** Where nobody asked to be told of errors. */
export const warn = (error: unknown): void => {
  process.emitWarning(error instanceof Error ? error : String(error));
};

/** Events of each conversation, in order. */
export const gatherByConversation = (outcomes: readonly Outcome[]): Map<string, ConversationEvent[]> => {
  const news = new Map<string, ConversationEvent[]>();
  for (const { appended } of outcomes) {
    for (const { conversationId, events } of appended) {
      const known = news.get(conversationId);
      if (known) known.push(...events);
      else news.set(conversationId, [...events]);
    }
  }
  for (const events of news.values()) events.sort((a, b) => a.seq - b.seq);
  return news;
};

/** After the commit: publishes, runs effects, and tells each unit's caller, in this order. */
export const tell = (outcomes: readonly Outcome[], { publish, onError = warn }: Told): void => {
  const attempt = (effect: () => void): void => {
    try {
      effect();
    } catch (error) {
      onError(error);
    }
  };
  for (const [id, events] of gatherByConversation(outcomes)) attempt(() => publish(id, events));
  for (const { effects } of outcomes) for (const effect of effects) attempt(effect);
  for (const { unit } of outcomes) unit.resolve();
};

/** `Store.write` over an engine's queue of units. */
export const createWrite = (add: (unit: Unit) => void): { write: Store['write']; refuse(): void } => {
  const inside = new AsyncLocalStorage<true>();
  let closed = false;

  const write = <T>(work: (tx: Tx) => Promise<T>, scope?: Scope): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closed) throw new ContinuoError('unavailable', { detail: 'the store is closed' });
      if (inside.getStore()) throw new Error('a write inside a write would wait for itself');
      let settle: () => void;
      add({
        scope: scope && scope.length > 0 ? scope : null,
        run: async (tx) => {
          const result = await inside.run(true, work, tx);
          settle = () => resolve(result);
        },
        resolve: () => settle(),
        reject,
      });
    });

  return {
    write,
    refuse() {
      closed = true;
    },
  };
};
