import { type Connection, isLoss } from './connection.ts';
import { CHANNEL, MAX_MESSAGE, packMessages } from './payloads.ts';

/** Messages kept while the connection is away; beyond it the oldest goes. */
const MAX_KEPT = 1000;

/** Messages of this node on their way out. */
export interface Outgoing {
  /** Sends JSON of a message, soon: what is given meanwhile goes out with it. */
  post(message: string): void;
  /** Sends what waits, because there is a connection again. */
  pump(): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
}

interface OutgoingOptions {
  nodeId: string;
  /** The connection; null while there is none, or it is lost. */
  find: () => Connection | null;
  onError: (error: unknown) => void;
}

export const createOutgoing = ({ nodeId, find, onError }: OutgoingOptions): Outgoing => {
  let waiting: string[] = [];
  let pumping: Promise<void> | null = null;

  const send = async ({ client, destroy }: Connection): Promise<void> => {
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
      if (!isLoss(error)) return onError(error);
      // What was on its way when the connection broke is sent again, by the next one: rather twice than never. This one
      // may not know yet that it is broken, and would refuse for ever, because its end is never heard meanwhile.
      waiting = [...messages, ...waiting].slice(-MAX_KEPT);
      destroy();
    }
  };

  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  const pumpAll = async (): Promise<void> => {
    // Two turns: what a commit makes others say, they say in the turn after it.
    await nextTurn();
    await nextTurn();
    for (let to = find(); to && waiting.length > 0; to = find()) await send(to);
    pumping = null;
  };

  const pump = (): void => {
    pumping ??= pumpAll();
  };

  return {
    post(message) {
      if (Buffer.byteLength(message) > MAX_MESSAGE) {
        onError(new Error('a message is too long to be sent'));
        return;
      }
      waiting.push(message);
      if (waiting.length > MAX_KEPT) waiting.shift();
      pump();
    },
    pump,
    idle: async () => {
      await pumping;
    },
  };
};
