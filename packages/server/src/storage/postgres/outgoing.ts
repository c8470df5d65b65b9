import { type Connection, isLoss } from './connection.ts';
import { CHANNEL, MAX_MESSAGE, packMessages } from './payloads.ts';

/** Messages kept while the connection is away; beyond it the oldest goes. */
const MAX_KEPT = 1000;

/** Messages of this node on their way out. */
export interface Outgoing {
  /** JSON of a message. */
  add(message: string): void;
  /** Begins to send what waits, in the next turn, so that everything that is added in this one goes out together. */
  pump(): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
}

interface OutgoingOptions {
  nodeId: string;
  /** The connection; null while there is none. */
  find: () => Connection | null;
  onError: (error: unknown) => void;
}

export const createOutgoing = ({ nodeId, find, onError }: OutgoingOptions): Outgoing => {
  let waiting: string[] = [];
  let pumping: Promise<void> | null = null;

  const send = async ({ client }: Connection): Promise<void> => {
    const messages = waiting;
    waiting = [];
    try {
      const payloads = packMessages(messages, nodeId);
      await Promise.all(
        payloads.map((payload) =>
          client.query({ name: 'notify', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] }),
        ),
      );
    } catch (error) {
      // What was on its way when the connection broke is sent again: rather twice than never.
      if (isLoss(error)) waiting = [...messages, ...waiting].slice(-MAX_KEPT);
      else onError(error);
    }
  };

  const pumpAll = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (let to = find(); to && waiting.length > 0; to = find()) await send(to);
    pumping = null;
  };

  return {
    add(message) {
      if (Buffer.byteLength(message) > MAX_MESSAGE) {
        onError(new Error('a message is too long to be sent'));
        return;
      }
      waiting.push(message);
      if (waiting.length > MAX_KEPT) waiting.shift();
    },
    pump() {
      pumping ??= pumpAll();
    },
    idle: async () => {
      await pumping;
    },
  };
};
