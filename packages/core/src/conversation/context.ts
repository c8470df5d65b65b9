import type { Positions } from '@continuo/protocol';
import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { Api } from '../api/api.ts';
import type { Environment } from '../environment/environment.ts';
import type { Timer } from '../environment/timer.ts';
import type { Live } from '../live/create-shared-live.ts';
import type { Outbox } from '../outbox/create-outbox.ts';
import type { PendingMessage } from '../outbox/outbox.ts';
import type { Draft } from './draft.ts';
import type { Emitter } from './emitter.ts';
import type { Log } from './log.ts';
import type { ReceiptsSender } from './receipts.ts';
import type { NewsChannel } from './tabs-news.ts';
import type { ConversationStores, Side } from './types.ts';

type Writable<Stores> = {
  [Name in keyof Stores]: Stores[Name] extends ReadableAtom<infer Value> ? WritableAtom<Value> : never;
};

/** What all that deals with one conversation shares. */
export interface Context<View> extends Environment, Writable<ConversationStores<View>>, Emitter {
  readonly api: Api;
  readonly self: Side;
  readonly prepare?: () => Promise<void>;
  /** Empty as long as there is no conversation. */
  path: string;
  log: Log;
  pending: readonly PendingMessage[];
  /** As far as the UI knows, a person can see it. */
  isWanted: boolean;
  isFilling: boolean;
  readonly typingTimer: Timer;
  readonly presenceTimer: Timer;
  readonly draft: Draft;
  readonly outbox: Outbox;
  readonly live: Live;
  /** The tabs that show the same. */
  readonly others: NewsChannel;
  readonly receipts: ReceiptsSender;
}

/** The stores alone, to be given out. */
export const storesOf = <View>(context: Context<View>): ConversationStores<View> => {
  const { $connection, $view, $messages, $hasEarlier, $agent, $typing, $positions, $unread, $draft } =
    context;
  return { $connection, $view, $messages, $hasEarlier, $agent, $typing, $positions, $unread, $draft };
};

export const START: Positions = { customerReceived: 0, customerRead: 0, agentReceived: 0, agentRead: 0 };

export const createStores = <View>(): Writable<ConversationStores<View>> => ({
  $connection: atom('idle'),
  $view: atom(null),
  $messages: atom([]),
  $hasEarlier: atom(false),
  $agent: atom(null),
  $typing: atom(null),
  $positions: atom(START),
  $unread: atom(0),
  $draft: atom(''),
});
