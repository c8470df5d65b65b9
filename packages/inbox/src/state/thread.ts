import {
  type Api,
  type ConversationHandle,
  createConversation,
  type Environment,
} from '@continuo/core/conversation';
import type { Delivery, InboxConversation } from '@continuo/protocol';
import { atom, computed, type ReadableAtom } from 'nanostores';
import { conversationPath } from '../api/inbox-api.ts';

/** The deliveries of our messages by the message's seq. */
export type DeliveriesBySeq = Readonly<Record<number, Delivery>>;

/** One conversation as the agent has it open. */
export interface Thread {
  readonly id: string;
  readonly conversation: ConversationHandle<InboxConversation>;
  readonly $deliveries: ReadableAtom<DeliveriesBySeq>;
  /** What the agent had read when the thread was opened; null until that is known. */
  readonly $readBefore: ReadableAtom<number | null>;
  /** The server does not give it to this agent. */
  readonly $isMissing: ReadableAtom<boolean>;
  /** The bytes of a file that came with one of its messages. Rejects with core's `ContinuoError`. */
  readFile(fileId: string): Promise<Blob>;
  /** Reads again where the customer is and what may be sent. Many calls at once are one reading. */
  refreshSoon(): void;
  destroy(): void;
}

export interface ThreadOptions {
  api: Api;
  id: string;
  /** Unsent messages are kept for this agent alone. */
  agentId: string;
  environment?: Partial<Environment>;
}

const REFRESH_AFTER_MS = 150;

const bySeq = (deliveries: readonly Delivery[]): DeliveriesBySeq =>
  Object.fromEntries(deliveries.map((delivery) => [delivery.seq, delivery]));

/** Reads files of a conversation. */
const createReadFile =
  (api: Api, id: string): Thread['readFile'] =>
  (fileId) =>
    api.get<Blob>(`${conversationPath(id)}/files/${fileId}`, { blob: true, timeout: false, retry: 2 });

/** Opens a conversation: connects, and stays connected until `destroy`. */
export const openThread = ({ api, id, agentId, environment }: ThreadOptions): Thread => {
  const $isMissing = atom(false);
  const $readBefore = atom<number | null>(null);
  /** Heard on the stream since the last reading: newer than what that reading says. */
  const $heard = atom<DeliveriesBySeq>({});
  let timer: ReturnType<typeof setTimeout> | undefined;

  const conversation = createConversation<InboxConversation>({
    api,
    self: 'agent',
    path: conversationPath(id),
    storageKey: `inbox/${agentId}/${id}`,
    onEnded: () => $isMissing.set(true),
    ...(environment && { environment }),
  });

  /** What was heard before a reading began is in that reading, or is older than it. */
  const refresh = async () => {
    timer = undefined;
    const before = $heard.get();
    try {
      await conversation.refresh();
    } catch {
      // The next news, or the next connection, reads it again.
      return;
    }
    const since = Object.values($heard.get()).filter((delivery) => before[delivery.seq] !== delivery);
    $heard.set(bySeq(since));
  };
  const refreshSoon = () => {
    timer ??= setTimeout(refresh, REFRESH_AFTER_MS);
  };

  const stops = [
    conversation.on('signal', ({ signal }) => {
      if (signal.type === 'delivery') {
        $heard.set({ ...$heard.get(), [signal.delivery.seq]: signal.delivery });
      }
      if (signal.type === 'customer' || signal.type === 'delivery') refreshSoon();
    }),
    conversation.on('event', refreshSoon),
    conversation.$connection.listen((connection) => connection === 'online' && refreshSoon()),
    conversation.$view.listen((view) => {
      if (view && $readBefore.get() === null) $readBefore.set(view.positions.agentRead);
    }),
  ];

  void conversation.restore();
  conversation.connect();
  return {
    id,
    conversation,
    $isMissing,
    $readBefore,
    $deliveries: computed([conversation.$view, $heard], (view, heard) => ({
      ...bySeq(view?.deliveries ?? []),
      ...heard,
    })),
    readFile: createReadFile(api, id),
    refreshSoon,
    destroy() {
      clearTimeout(timer);
      for (const stop of stops) stop();
      conversation.destroy();
    },
  };
};
