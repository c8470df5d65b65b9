import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Bus, BusListener } from '../../nodes/bus.ts';
import { warn } from '../units.ts';
import { endInTime } from './connection.ts';
import { keepConnection } from './kept.ts';
import { createOutgoing } from './outgoing.ts';
import { CHANNEL } from './payloads.ts';

export interface PostgresBusOptions {
  /** As of the store. */
  url: string;
  /** Of this process, new at each start; its store has the same. */
  nodeId: string;
  /** Told of what a listener threw, and of what could not be sent or understood. @default a process warning */
  onError?: (error: unknown) => void;
  /** Milliseconds between two signs of life, and that an answer may take: a dead connection says nothing by itself. @default 5000 */
  checkInterval?: number;
}

const CHECK_INTERVAL = 5000;

export interface PostgresBus extends Bus {
  /** As `send`, of what is JSON already. */
  post(message: string): void;
}

const Payload = Compile(Type.Object({ from: Type.String(), messages: Type.Array(Type.Unknown()) }));

/** Listeners, of whom none disturbs another. */
const createListeners = (onError: (error: unknown) => void) => {
  const listeners = new Set<BusListener>();
  return {
    add(listener: BusListener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    each(tell: (listener: BusListener) => void) {
      for (const listener of listeners) {
        try {
          tell(listener);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
};

/**
 * A bus over PostgreSQL's NOTIFY, on a connection of its own, that comes back by itself when it is lost. What was on its
 * way then is sent again, and so may come twice.
 *
 * @throws ContinuoError `unavailable` when there is no server
 */
export const openPostgresBus = async (options: PostgresBusOptions): Promise<PostgresBus> => {
  const { url, nodeId, onError = warn, checkInterval = CHECK_INTERVAL } = options;
  const { add, each } = createListeners(onError);
  const own = `{"from":${JSON.stringify(nodeId)},`;

  const hear = (payload: string): void => {
    if (payload.startsWith(own)) return;
    try {
      const { from, messages } = Payload.Parse(JSON.parse(payload));
      for (const message of messages) each((listener) => listener.onMessage(message, from));
    } catch (error) {
      onError(error);
    }
  };

  const kept = await keepConnection({
    url,
    checkInterval,
    onError,
    prepare({ client }) {
      client.on('notification', ({ payload = '' }) => hear(payload));
      return client.query(`LISTEN ${CHANNEL}`);
    },
    onBack() {
      each((listener) => listener.onGap());
      outgoing.pump();
    },
  });
  const outgoing = createOutgoing({ nodeId, find: kept.find, onError });

  return {
    nodeId,
    post: outgoing.post,
    send: (message) => outgoing.post(JSON.stringify(message)),
    listen: add,
    async close() {
      await endInTime(outgoing.idle());
      await kept.close();
    },
  };
};
